"""Make of an exported journal the household's ways of speaking, in folders laid out like the stock.

    python -m training.ways EXPORT.jsonl OUT [--recipe training/recipes/personal.yaml]

Writes OUT/train/<language>/journal.txt, OUT/holdout/<language>/journal.txt (the latest share, no way of which is in the
other), OUT/wrong.jsonl (sentences of the hold-out with what they were misread as) and OUT/report.json: counts only.
A journal that contradicts its own sentences, or that holds too little, is refused.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intendant_core.text import lower, split_words

from .anonymise import anonymise
from .fill import BLANKS, VALUES
from .journal import JournalError, read_journal
from .label import label
from .plausible import contradicts, is_sensitive, says_so
from .stock import BLANK, read_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .anonymise import Anonymous, Report
    from .journal import Export
    from .label import Labels

RECIPE = Path(__file__).parent / "recipes/personal.yaml"
_THINGS = frozenset(kind.replace("_", "").upper() for kind in BLANKS - VALUES - {"area", "floor", "label"})
_COURTESY = {
    "en": re.compile(
        r"\b(?:please|could you|can you|would you|will you|thanks|thank you|hey|ok|okay|now|just|um|uh|so)\b"
    ),
    "zh": re.compile("请|麻烦你?|帮我|给我|谢谢|一下|吧|嗯|呃|那个|好吗|啊"),
}


@dataclass(slots=True)
class Household:
    """The ways of speaking of one household, oldest first."""

    train: list[Anonymous] = field(default_factory=list)
    holdout: list[Anonymous] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Why sentences were left out after they had been labelled and made anonymous."""


def choose(ways: Sequence[Anonymous], recipe: dict[str, Any]) -> Household:
    """Return what may be learnt. Raise JournalError where the journal as a whole can not be trusted, or is too short."""
    household = Household()
    kept = [way for way in ways if _may_be_learnt(way, household.counts)]
    doubted = household.counts["contradicts its words"] + household.counts["lets in unasked"]
    if doubted > recipe["doubted"] * max(len(ways), 1) and doubted >= recipe["fewest_doubted"]:
        raise JournalError(
            f"{doubted} of {len(ways)} labels contradict their own sentences, or let somebody in unasked: nothing is learnt from this journal"
        )
    once = _cap(_once_each(kept, household.counts), recipe["share_of_one_reading"], household.counts)
    split = round(len(once) * (1 - recipe["holdout"]))
    household.train = once[:split]
    learnt = {_loosely(way) for way in household.train}
    household.holdout = [way for way in once[split:] if _loosely(way) not in learnt]
    household.counts["learnt of another thing"] = len(once) - split - len(household.holdout)
    if len(household.train) < recipe["fewest_ways"] or len(household.holdout) < recipe["fewest_held_out"]:
        raise JournalError(
            f"{len(household.train)} ways of speaking to learn and {len(household.holdout)} others to check with are too few: it takes {recipe['fewest_ways']} and {recipe['fewest_held_out']}"
        )
    return household


def _may_be_learnt(way: Anonymous, counts: Counter[str]) -> bool:
    """Return whether the words of a way of speaking bear its label; count why not."""
    turn, calls = way.labelled.turn, way.labelled.calls
    sentence = sentence_of(way.line)
    sensitive = is_sensitive(calls, [mark.types for mark in turn.marks], turn.before)
    if sensitive and not says_so(sentence, calls, turn.language):
        counts["lets in unasked"] += 1
    elif contradicts(sentence, calls, turn.language):
        counts["contradicts its words"] += 1
    else:
        return True
    return False


def _once_each(ways: Iterable[Anonymous], counts: Counter[str]) -> list[Anonymous]:
    """Return each way of speaking once, where it was first said; one with two meanings only if one is by far the rule."""
    groups: dict[tuple[str, str], list[Anonymous]] = {}
    for way in ways:
        groups.setdefault((way.labelled.turn.language, key_of(way)), []).append(way)
    once = []
    for group in groups.values():
        readings = Counter(reading_of(way.line) for way in group)
        reading, most = readings.most_common(1)[0]
        if most < 0.75 * len(group):
            counts["two meanings"] += len(group)
            continue
        first = next(way for way in group if reading_of(way.line) == reading)
        counts["said before"] += len(group) - 1
        once.append(first)
    return once


def _cap(ways: Sequence[Anonymous], most: float, counts: Counter[str]) -> list[Anonymous]:
    """Return the ways without the later ones of those that mean what more than a share of all mean."""
    limit = max(round(most * len(ways)), 1)
    seen: Counter[str] = Counter()
    kept = []
    for way in ways:
        shape = " ".join(call.verb for call in way.labelled.calls)
        seen[shape] += 1
        if seen[shape] <= limit:
            kept.append(way)
    counts["too many alike"] += len(ways) - len(kept)
    return kept


def key_of(way: Anonymous) -> str:
    """Return what two ways of speaking have in common that differ in courtesy, punctuation and numbers of blanks only."""
    before = way.line.rpartition("|")[0].rpartition(">>")[0].strip()
    return f"{before} >> {' '.join(_plain_words(way))}"


def _loosely(way: Anonymous) -> str:
    """Return the words of a way of speaking whatever kind of thing it names."""
    return " ".join("THING" if word in _THINGS else word for word in _plain_words(way))


def _plain_words(way: Anonymous) -> list[str]:
    """Return the words of a way of speaking without courtesy; blanks are their kinds in capitals."""
    plain = _COURTESY[way.labelled.turn.language].sub(" ", lower(sentence_of(way.line)))
    blanked = re.sub(r"\{([a-z_]+?)\d*\}", lambda found: f" {found[1].replace('_', '').upper()} ", plain)
    return [word for word, _, _ in split_words(blanked)]


def sentence_of(line: str) -> str:
    """Return the sentence of a line of the stock."""
    return line.rpartition("|")[0].rpartition(">>")[2].strip()


def reading_of(line: str) -> str:
    """Return the reading of a line of the stock."""
    return line.rpartition("|")[2].strip()


def write(household: Household, folder: Path) -> None:
    """Write the ways of speaking as folders laid out like the stock, and what sentences of the hold-out were misread as."""
    for part, ways in (("train", household.train), ("holdout", household.holdout)):
        lines: dict[str, list[str]] = {}
        for way in ways:
            lines.setdefault(way.labelled.turn.language, []).append(way.line)
        for language, of in lines.items():
            (folder / part / language).mkdir(parents=True, exist_ok=True)
            (folder / part / language / "journal.txt").write_text("\n".join(of) + "\n", encoding="utf-8")
    wrong = [
        {"language": way.labelled.turn.language, "line": way.line, "wrong": reading_of(way.wrong)}
        for way in household.holdout
        if way.wrong
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in wrong)
    (folder / "wrong.jsonl").write_text(text, encoding="utf-8")


def describe(export: Export, labels: Labels, report: Report, household: Household) -> dict[str, Any]:
    """Return in figures what became of a journal: no words of it."""
    ways = [*household.train, *household.holdout]
    blanks = Counter(re.sub(r"\d+$", "", blank) for way in ways for blank in BLANK.findall(sentence_of(way.line)))
    return {
        "turns": len(export.turns),
        "passed_over": dict(export.skipped),
        "labels": dict(labels.counts),
        "removed": dict(report.removed),
        "left_out": dict(report.left_out + household.counts),
        "ways": {"train": len(household.train), "holdout": len(household.holdout)},
        "sources": dict(Counter(way.labelled.source for way in ways)),
        "blanks": dict(blanks),
    }


def prepare(export: Export, recipe: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Write the household's ways of speaking into the folder; return the report. Raise JournalError."""
    labels = label(export)
    ways, report = anonymise(labels.rows, export.home)
    household = choose(ways, recipe)
    for way in (*household.train, *household.holdout):
        read_line(way.line, way.labelled.turn.language, "journal")
    folder.mkdir(parents=True, exist_ok=True)
    write(household, folder)
    found = describe(export, labels, report, household)
    (folder / "report.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def tell(report: dict[str, Any]) -> str:
    """Return the report as lines to read."""
    lines = [
        f"{report['turns']:,} turns; ways of speaking to learn {report['ways']['train']}, to check {report['ways']['holdout']}"
    ]
    for title in ("passed_over", "labels", "removed", "left_out"):
        lines += [f"{title.replace('_', ' ')}:"] * bool(report[title])
        lines += [f"  {count:7,}  {name}" for name, count in sorted(report[title].items(), key=lambda item: -item[1])]
    return "\n".join(lines)


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))["household"]
    try:
        print(tell(prepare(read_journal(arguments.export), recipe, arguments.out)))
    except JournalError as err:
        sys.exit(f"ways: {err}")


if __name__ == "__main__":
    main()
