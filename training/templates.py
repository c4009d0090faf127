"""Sample ways of speaking from Home Assistant's own sentence templates, with our blanks and our readings.

    python -m training.templates OUT

Writes OUT/<language>/templates.txt in the stock's format (STOCK.md), for `training.dataset --extra OUT`. The sentences
come from the package home-assistant-intents (https://github.com/OHF-Voice/intents, by the Open Home Foundation and its
translators, CC-BY 4.0); they are generated when needed and never committed. The readings are ours.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from home_assistant_intents import get_intents

from .stock import read_line

LANGUAGES = {"en": "en", "zh": "zh-CN"}
DRAWS, PER_BLOCK, PER_READING, PER_INTENT = 30, 50, 12, 160
"""Draws from each template; at most so many samples of a block of templates, of a reading, of an intent."""

TABLES: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
_RULE, _TOKEN = re.compile(r"<(\w+)>"), re.compile(r"\{(\w+)(?::(\w+))?\}")
_GROUP = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_UNIT = r"\{timer_\w+:\w+\}[ -]?(?:hours?|minutes?|seconds?|个?小时|钟头|分钟?|秒钟?)"
_DURATION = re.compile(rf"{_UNIT}(?:(?: and |和| )?{_UNIT})*")


class Sampler:
    """Draws sentences with readings from the templates of one language."""

    def __init__(self, language: str, seed: int = 1) -> None:
        """Load the templates."""
        self.language, self.rng = language, random.Random(f"{seed}-{language}")
        self.data: dict[str, Any] = get_intents(LANGUAGES[language]) or {}
        self.rules: dict[str, str] = self.data["expansion_rules"] | TABLES["rules"][language]

    def expand(self, text: str) -> str:
        """Return one sentence of a template: rules written out, groups chosen from, lists left as they are."""
        while _RULE.search(text):
            text = _RULE.sub(lambda match: f"({self.rules[match[1]]})", text)
        while match := _GROUP.search(text):
            inner = match[1] if match[1] is not None else match[2]
            if match[2] is not None and self.rng.random() < (0.8 if inner == "的" else 0.5):
                inner = ""
            elif ";" in inner:
                parts = inner.split(";")
                inner = " ".join(self.rng.sample(parts, len(parts)))
            text = text[: match.start()] + self.rng.choice(inner.split("|")) + text[match.end() :]
        return re.sub(r"\s+", " ", text).strip()

    def draw(self, intent: str, block: dict[str, Any], template: str) -> tuple[str, str] | None:
        """Return a sentence and its reading, or None when what was drawn has no reading."""
        domains = block.get("requires_context", {}).get("domain") or [block.get("slots", {}).get("domain", "")]
        domain = "" if "switch" in domains and len(domains) > 1 else self.rng.choice(domains)
        domain = TABLES["names"].get(domain, domain)
        base = TABLES["readings"].get(f"{intent}/{domain}", TABLES["readings"].get(intent))
        if base is None or domain == "weather":
            return None
        template = re.sub(r" ?\[floor\]|\[楼\|层\]", "", template)
        sentence = self.expand(template.replace("[<in>] [<the>] {zone:state}", "[at] {zone:state}"))
        placed = self._place(intent, domain, _DURATION.sub("{timer_duration:time}", sentence))
        if placed is None or any(re.search(odd, placed[0]) for odd in TABLES["odd"][self.language]):
            return None
        sentence, found = placed
        verb, kind, fixed = self._mean(base, intent, template, sentence)
        step = found.pop("volume_step", block.get("slots", {}).get("volume_step"))
        if step:
            verb = "less" if step == "down" or "step_down" in template else "more"
            found["volume"] = step if step == "{num}" else "some"
        ending = ""
        if command := found.pop("conversation_command", ""):
            if "后" not in sentence and self.language == "zh":
                return None
            verb, ending = command, f"in={found.pop('time')}"
        if verb in ("on", "off") and sentence == "{device}":
            return None  # a bare noun toggles
        kind = "" if "thing" in found else found.pop("device_class", kind)
        targets = self._targets(sentence, verb, found, rooms=intent.startswith("HassVacuum"))
        slots = [f"{slot}={value}" for slot, value in found.items()]
        return sentence, " ".join(filter(None, [verb, kind, *targets, fixed, *slots, ending]))

    def _mean(self, base: str, intent: str, template: str, sentence: str) -> tuple[str, str, str]:
        """Return verb, kind and fixed slots: those of the table, unless the words say more than the intent does."""
        verb, _, rest = base.partition(" ")
        kind, fixed = ("", rest) if "=" in rest else (rest, "")
        if intent == "HassGetState":
            wanted = ("any", "every", "count", "which") if ":state}" in template else ("where", "state")
            asks = TABLES["asks"][self.language]
            verb = next((way for way in asks if way in wanted and re.search(asks[way], template)), verb)
            kind = "door" if kind == "lock" and re.search("door|门(?!锁)", sentence) else kind
        for row in TABLES["words"]:
            if re.search(row["intent"], intent) and re.search(row["words"], sentence):
                verb, kind = row.get("verb", verb), row.get("kind", kind)
        return verb, kind, fixed

    def _place(self, intent: str, domain: str, sentence: str) -> tuple[str, dict[str, str]] | None:
        """Put our blanks and words where the lists stand; return the sentence and what stands in which slot."""
        found: dict[str, str] = {}
        out, last = "", 0
        for match in _TOKEN.finditer(sentence):
            name, slot = match[1], match[2] or match[1]
            words, value = self._fill(name, domain)
            if name == "name":
                slot = "thing"
            elif name == "volume_percentage":
                slot = "volume"
            slot = TABLES["slots"].get(f"{intent}/{slot}", TABLES["slots"].get(slot, slot))
            if not value or slot in found:
                return None
            if name != "media_class":
                found[slot] = value
            out, last = out + sentence[last : match.start()] + words, match.end()
        out = re.sub(r"\{num\} ?%", "{num}", out + sentence[last:]) if "百分之" in sentence else out + sentence[last:]
        if found.get("color_temp") == "{num}" and not re.search("色温|颜色温度|temperature", out):
            return None
        return out.strip(), found

    def _fill(self, name: str, domain: str) -> tuple[str, str]:
        """Return what is said for a list and what it means; an empty meaning is one that our readings do not have."""
        known: dict[str, Any] = self.data["lists"].get(name, {})
        match name:
            case "name":
                blank = "{" + (domain or "device") + "}"
            case "area" | "floor" | "color":
                blank = "{" + name + "}"
            case "timer_duration":
                blank = "{dur}"
            case "zone":
                return ("home", "home") if self.language == "en" else ("家", "home")
            case "timer_command":
                words, _, reading = self.rng.choice(TABLES["commands"][self.language]).partition("|")
                return words, reading
            case _ if "values" in known:
                chosen = self.rng.choice(known["values"])
                value = TABLES["values"].get(name, {chosen["out"]: str(chosen["out"])}).get(chosen["out"], "")
                return self.expand(chosen["in"]), value
            case _ if known.get("wildcard"):
                blank = "{text}"
            case _:
                blank = "" if name.startswith("timer_") else "{num}"
        return blank, blank

    def _targets(self, sentence: str, verb: str, found: dict[str, str], *, rooms: bool) -> list[str]:
        """Take the things and places out of the slots, or find the words that stand for them."""
        places = [found.pop(place) for place in ("area", "floor") if place in found]
        things = [found.pop("thing")] if "thing" in found else []
        if rooms and places:
            found["room"] = places.pop()
        if things or places or "room" in found or " " in verb or verb.startswith("timer"):
            return things + places
        if re.search(TABLES["here"][self.language], sentence):
            return ["here"]
        return ["all"] if verb in ("on", "off") and re.search(TABLES["all"][self.language], sentence) else []


def sample(language: str) -> list[tuple[str, str, str]]:
    """Return intent, sentence and reading of a balanced choice of samples of a language."""
    sampler = Sampler(language)
    chosen: dict[str, tuple[str, str]] = {}
    intents: Counter[str] = Counter()
    readings: Counter[tuple[str, str]] = Counter()
    for intent, blocks in sampler.data["intents"].items():
        pools = []
        for block in blocks["data"]:
            templates = [template for template in block["sentences"] if not _left_out(intent, template)]
            drawn = [sampler.draw(intent, block, template) for _ in range(DRAWS) for template in templates]
            pools.append([pair for pair in dict.fromkeys(drawn) if pair][:PER_BLOCK])
        for turn in range(PER_BLOCK):
            for sentence, reading in [pool[turn] for pool in pools if turn < len(pool)]:
                full = readings[intent, reading] >= PER_READING or intents[intent] >= PER_INTENT
                if not full and sentence not in chosen:
                    chosen[sentence] = intent, reading
                    readings[intent, reading] += 1
                    intents[intent] += 1
    return [(intent, sentence, reading) for sentence, (intent, reading) in chosen.items()]


def _left_out(intent: str, template: str) -> bool:
    """Say whether a template means what our readings cannot say: timers of a room, and which timer to make longer."""
    changed = intent in ("HassIncreaseTimer", "HassDecreaseTimer") and ":start_" in template
    return changed or "timer_half" in template or ("Timer" in intent and "{area}" in template)


def main() -> None:
    """Write the samples of all languages; print how many of each intent there are, and the intents left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    for language, theirs in LANGUAGES.items():
        samples = sample(language)
        for _, sentence, reading in samples:
            read_line(f"{sentence} | {reading}", language, "templates")
        folder = args.out / language
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{sentence} | {reading}\n" for _, sentence, reading in samples)
        (folder / "templates.txt").write_text(lines, encoding="utf-8")
        counts = Counter(intent for intent, _, _ in samples)
        missing = sorted(set((get_intents(theirs) or {})["intents"]) - set(counts))
        print(language, len(samples), dict(counts), "left out:", missing)


if __name__ == "__main__":
    main()
