"""Put around a sentence what people put around it: a greeting, a please, a filler, punctuation; and join two sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from intendant_core.values import Call, Pointer, Term

from .stock import BLANK, Way

if TYPE_CHECKING:
    import random

_OPENERS = {
    "en": ["please", "hey", "um", "uh", "ok", "okay", "so", "right", "can you", "could you", "could you please", "would you", "i want you to", "i need you to", "please could you", "hey can you", "alright",
           "oh and", "actually", "hi", "listen", "hey there", "yo", "go ahead and", "quickly", "ok so", "well", "hmm", "erm", "now"],
    "zh": ["请", "麻烦", "麻烦你", "帮我", "那个", "嗯", "呃", "哎", "喂", "你好", "请你", "能不能", "可以", "劳驾", "快", "对了", "诶", "好了", "现在", "那就"],
}  # fmt: skip
_CLOSERS = {
    "en": [
        "please",
        "thanks",
        "thank you",
        "would you",
        "will you",
        "now",
        "right now",
        "for me",
        "ok",
        "mate",
        "love",
        "when you can",
        "if you can",
        "asap",
        "cheers",
        "quickly",
    ],
    "zh": ["吧", "谢谢", "好吗", "好不好", "行吗", "啊", "呗", "嘛", "快点", "哈", "谢啦", "可以吗", "一下", "现在"],
}
_JOINS = {
    "en": [
        " and ",
        " and ",
        ", ",
        " then ",
        " and then ",
        ", and ",
        " and also ",
        ". ",
        ", then ",
        " plus ",
        " also ",
        ". also ",
    ],
    "zh": ["，", "，", "，然后", "，再", "，顺便", "，还有", "然后", "，同时", "并且", "。", "，接着", "，另外", " "],
}


def decorate(sentence: str, language: str, rng: random.Random) -> str:
    """Return the sentence with an opener or closer now and then, and with other punctuation."""
    starts_plain = not re.match(
        r"(?i)(please|can|could|would|will|hey|i |i'm|what|is|are|how|who|where|when|which|do|does)\b", sentence
    )
    if starts_plain and rng.random() < 0.12:
        opener = rng.choice(_OPENERS[language])
        sentence = (
            opener + (rng.choice((" ", " ", ", ")) if language == "en" else rng.choice(("", "", "，"))) + sentence
        )
    if rng.random() < 0.08:
        sentence = (
            sentence.rstrip(".?!。？！")
            + (rng.choice((" ", ", ")) if language == "en" else rng.choice(("", "，")))
            + rng.choice(_CLOSERS[language])
        )
    choice = rng.random()
    if choice < 0.25:
        sentence = sentence.rstrip(".?!。？！")
    elif choice < 0.4 and sentence[-1:].isalnum():
        sentence += rng.choice((".", "!", ".") if language == "en" else ("。", "！", "。"))
    if choice > 0.85:
        sentence = re.sub(r"[,，]", "" if language == "en" else " ", sentence).replace("'", "")
    return sentence


def join(first: Way, second: Way, rng: random.Random) -> Way:
    """Return both ways of speaking as one sentence with both readings; the second's blanks are renamed."""

    def rename(term: Term) -> Term:
        return Pointer(f"{term.key}_b") if isinstance(term, Pointer) else term

    def rename_call(call: Call) -> Call:
        slots = tuple((slot, rename(term)) for slot, term in call.slots)
        return replace(
            call, targets=tuple(map(rename, call.targets)), excepts=tuple(map(rename, call.excepts)), slots=slots
        )

    tail = BLANK.sub(r"{\1_b}", second.sentence)
    sentence = first.sentence.rstrip(".?!。？！，, ") + rng.choice(_JOINS[first.language]) + tail
    return replace(
        first,
        sentence=sentence,
        calls=(*first.calls, *map(rename_call, second.calls)),
        topic=f"{first.topic}+{second.topic}",
    )
