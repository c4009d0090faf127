"""How much of the benchmark is still right when its sentences are spoken: the same cases, said as text and said by voices.

What the voices say is heard by the assistant's own ears, with the names of the home; what was heard takes the sentence's
place, and the effect is judged as always. Small talk, and sentences that are right when nothing happens, are left out: they
would be right unheard.
"""

import random
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.fetch import fetch
from demo.weights import WEIGHTS
from training.benchmark.cases import CASES, LEVELS, Case, find_home, load_cases
from training.benchmark.collect import Collector
from training.benchmark.hass import LANGUAGES, Running, running_home
from training.benchmark.report import wilson
from training.benchmark.score import NOTHING, RIGHT, WRONG, score

from .assistant import Assistant, make_assistant
from .noise import add_noise, make_noise
from .said import VOICES, Speakers, as_pcm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from demo.sound import Samples

MODEL = "base"
NOISY = 10
"""Decibels that the noise lies below the speech."""
TEXT = "text"
_EARLIER = ("earlier", "turns", "chat", "refuse")
_TALK = 12
"""Sentences whose mixture is other people's talk."""

type Verdicts = dict[tuple[str, str], list[str]]
"""Voice and condition → verdict of each case."""


@dataclass
class Tally:
    """What came of the cases of a language."""

    verdicts: Verdicts = field(default_factory=dict)
    exact: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many sentences were heard word for word."""

    def note(self, voice: str, condition: str, verdict: str) -> None:
        """Count a verdict."""
        self.verdicts.setdefault((voice, condition), []).append(verdict)


def choose_cases(language: str, count: int, seed: int = 1) -> dict[str, list[Case]]:
    """Return so many cases by home, drawn from all that figures are taken from, each level as often as it is there."""
    by_home = load_cases(sorted(CASES.glob(f"*.{language}.yaml")))
    pool = [case for cases in by_home.values() for case in cases if not any(key in case.data for key in _EARLIER)]
    chance = random.Random(seed)
    chosen: dict[str, list[Case]] = {}
    for level in LEVELS:
        of_level = [case for case in pool if case.data.get("level") == level]
        for case in chance.sample(of_level, min(len(of_level), round(count * len(of_level) / len(pool)))):
            chosen.setdefault(case.home, []).append(case)
    return chosen


async def measure(language: str, count: int, speakers: Speakers) -> dict[str, Any]:
    """Return accuracy as text and by voice, clean and in noise."""
    tally = Tally()
    for home, cases in choose_cases(language, count).items():
        async with home_with_ears(find_home(home), language) as (running, assistant):
            collector = Collector(running, "intendant", assistant.agent)
            means = (await collector.header())["means"]
            for number, case in enumerate(cases):
                tally.note(TEXT, TEXT, await _judge(collector, case, means))
                for voice in VOICES[language]:
                    for condition, samples in _recordings(speakers, cases, number, voice).items():
                        heard = await assistant.hear(as_pcm(samples), LANGUAGES[language])
                        tally.exact[voice, condition] += plain(heard) == plain(case.data["say"])
                        said = replace(case, data={**case.data, "say": heard})
                        tally.note(voice, condition, await _judge(collector, said, means) if heard else NOTHING)
    return _shares(tally)


@asynccontextmanager
async def home_with_ears(
    path: Path, language: str, ears: Mapping[str, Any] | None = None
) -> AsyncIterator[tuple[Running, Assistant]]:
    """Start a home whose assistant hears with the model of the figures; options of its ears if they are to be others."""
    async with running_home(path) as running:
        lay_weights(running)
        options = {"engine": "whisper", "model": MODEL, **(ears or {})}
        assistant = await make_assistant(running.hass, options, None, LANGUAGES[language])
        try:
            yield running, assistant
        finally:
            await running.hass.config_entries.async_unload(assistant.entry.entry_id)


def lay_weights(running: Running) -> None:
    """Put the weights where Intendant would have fetched them to. Blocks."""
    fetch(WEIGHTS["whisper-base"])
    WEIGHTS["whisper-base"].lay_in(Path(running.hass.config.cache_path("intendant")))


def plain(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return "".join(character for character in text.casefold() if character.isalnum())


async def _judge(collector: Collector, case: Case, means: list[str]) -> str:
    [record] = await collector.run(case)
    return score(record, means)[0]


def _recordings(speakers: Speakers, cases: Sequence[Case], number: int, voice: str) -> dict[str, Samples]:
    """Return one case as a voice says it, by condition."""
    case = cases[number]
    speech = speakers.say(case.data["say"], case.language, voice)
    # Others talk: the other voice, sentences of the same home.
    [other] = [name for name in VOICES[case.language] if name != voice]
    talk = [
        speakers.say(cases[(number + step) % len(cases)].data["say"], case.language, other)
        for step in range(1, _TALK + 1)
    ]
    noise = make_noise(len(speech), talk, seed=number)
    return {"clean": speech, f"{NOISY} dB": add_noise(speech, noise, NOISY)}


def _shares(tally: Tally) -> dict[str, Any]:
    def share(verdicts: Sequence[str]) -> dict[str, Any]:
        right, count = verdicts.count(RIGHT), len(verdicts)
        interval = [round(100 * bound, 1) for bound in wilson(right, count)]
        wrong = round(100 * verdicts.count(WRONG) / count, 1)
        return {"count": count, "right": round(100 * right / count, 1), "interval": interval, "wrong": wrong}

    text = share(tally.verdicts.pop((TEXT, TEXT)))
    found: dict[str, Any] = {"text": text}
    for condition in sorted({condition for _, condition in tally.verdicts}, reverse=True):
        by_voice = {voice: verdicts for (voice, under), verdicts in tally.verdicts.items() if under == condition}
        whole = share([verdict for verdicts in by_voice.values() for verdict in verdicts])
        exact = sum(count for (_, under), count in tally.exact.items() if under == condition)
        found[condition] = {
            **whole,
            "relative": round(100 * whole["right"] / text["right"], 1) if text["right"] else None,
            "word_for_word": round(100 * exact / whole["count"], 1),
            "voices": {voice: share(verdicts) for voice, verdicts in by_voice.items()},
        }
    return found
