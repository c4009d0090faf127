"""Disturb sentences as speech recognition and hasty typing do."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from intendant_core.catalog import DATA

if TYPE_CHECKING:
    import random

# words that speech recognition takes for each other; written down from how they sound
_ALIKE = {"off": ["of", "of"], "lights": ["lites", "light", "likes"], "light": ["like", "lite"], "lamp": ["lamb", "ramp"], "fan": ["fen", "van", "fun"], "blinds": ["blind", "blends", "bliss"],
          "blind": ["blend", "blinds"], "dim": ["dem", "din", "team"], "turn": ["tern", "torn", "town"], "switch": ["which", "swith"], "close": ["clothes", "clothe"], "to": ["too", "two"],
          "heating": ["heeding", "eating"], "heat": ["heed"], "volume": ["volumes"], "play": ["pray", "plays"], "pause": ["paws", "pose"], "lock": ["log", "look"], "unlock": ["unlog", "on lock"],
          "the": ["de", "da", "a"], "set": ["sat", "said"], "down": ["town"], "up": ["app"], "curtains": ["certain", "curtain"], "garage": ["garbage", "garrage"], "open": ["opened", "hope and"],
          "degrees": ["degree", "the grease"], "percent": ["per cent", "present"], "thermostat": ["thermo stat", "thermostats"], "vacuum": ["vacume", "back um", "vaccum"], "timer": ["time or", "timers"],
          "add": ["at", "ad"], "list": ["least", "lists"], "bright": ["brite", "right"], "brighter": ["briter"], "warmer": ["warm er"], "please": ["pleas", "plz"], "tv": ["t v", "teevee", "telly"],
          "music": ["musik"], "alarm": ["a larm"], "temperature": ["temprature", "temperture"], "stop": ["stopp"], "start": ["started"], "all": ["or", "al"], "in": ["an", "and"], "and": ["an", "n"]}  # fmt: skip
_KEYS = {"a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl", "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
         "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x"}  # fmt: skip


def mishear(text: str, rng: random.Random) -> str:
    """Return the text with one or two words or characters taken for others that sound or lie near."""
    for _ in range(rng.choice((1, 1, 2))):
        text = _mishear_han(text, rng) if re.search(r"[\u4e00-\u9fff]", text) else _mishear_latin(text, rng)
    return text


def _mishear_latin(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    alike = [i for i, word in enumerate(words) if word.lower() in _ALIKE]
    if alike and rng.random() < 0.55:
        index = rng.choice(alike)
        words[index] = rng.choice(_ALIKE[words[index].lower()])
        return " ".join(words)
    long = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if long:
        index = rng.choice(long)
        words[index] = misspell(words[index], rng)
    return " ".join(words)


def misspell(word: str, rng: random.Random) -> str:
    """Return the word with one letter missing, doubled, swapped with its neighbour, or a neighbour on the keyboard."""
    place = rng.randrange(1, len(word))
    match rng.randrange(4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + word[place] + word[place:]
        case 2 if place + 1 < len(word):
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    near = _KEYS.get(word[place].lower(), word[place])
    return word[:place] + rng.choice(near) + word[place + 1 :]


def _mishear_han(text: str, rng: random.Random) -> str:
    places = [i for i, char in enumerate(text) if char in _homophones()]
    if not places:
        return text
    index = rng.choice(places)
    return text[:index] + rng.choice(_homophones()[text[index]]) + text[index + 1 :]


@cache
def _homophones() -> dict[str, str]:
    """Return, for each common character, the common characters that sound the same."""
    table: dict[str, str] = {}
    for line in (DATA / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        _, _, chars = line.partition(" ")
        common = [char for char in chars if char.encode("gb2312", "ignore")[:1] < b"\xd8"]  # level 1 of GB 2312
        for char in common:
            others = "".join(other for other in common if other != char)
            if others:
                table[char] = others
    return table
