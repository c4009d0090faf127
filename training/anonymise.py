"""Make of a labelled sentence a way of speaking, as the stock has them: blanks for every name, value and free word.

Nothing of the home or its people stays. A sentence with any other word that is not plain (plain_words.py), with digits
outside a value, or with what could be a PIN is left out. What was taken out is counted by type and never said.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intendant_core.catalog import load_catalog
from intendant_core.digits import holds_digits
from intendant_core.encode import PREV
from intendant_core.errors import NotationError
from intendant_core.lexicon import stop_words
from intendant_core.mend import mend
from intendant_core.notation import format_calls
from intendant_core.text import lower, split_words
from intendant_core.values import Call, Pointer, Term, Text

from .fill import BLANKS
from .plain_words import is_plain, words_of_name
from .stock import BLANK, read_line
from .turns import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intendant_core.values import Home, Mark

    from .label import Labelled

LONGEST_TALK = 12
"""Words of talk that is kept: the longer it is, the more it tells of those who talk."""
_UNIT = re.compile(
    r"(?P<before>百分之)?(?P<number>.*?)(?P<after>\s*(?:%|percent|per cent|°[cf]?|degrees?(?: (?:celsius|fahrenheit))?|celsius|fahrenheit|kelvin|k|摄氏度|度半|度|个百分点))?"
)
_HELD = frozenset("{}|#")
"""What means something in a line of the stock."""


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A way of speaking that says nothing of its home: the line of the stock, and the line of the wrong reading if there was one."""

    line: str
    labelled: Labelled
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was taken out, by type, and why sentences were left out; no words."""

    removed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


class Telling(Exception):
    """The sentence would tell something; the message is why it is left out."""


def anonymise(rows: Iterable[Labelled], home: Home) -> tuple[list[Anonymous], Report]:
    """Return what is left of labelled sentences when nothing private is in them, and the report."""
    private = _private_words(home)
    ways, report = [], Report()
    for row in rows:
        try:
            sentence, names, removed = _blank(row, private)
            line = _line(row, sentence, names, row.calls)
        except Telling as why:
            report.left_out[str(why)] += 1
            continue
        report.removed.update(removed)
        try:
            wrong = _line(row, sentence, names, row.wrong) if row.wrong else ""
        except Telling:
            wrong = ""
        ways.append(Anonymous(line, row, wrong))
    return ways, report


def _blank(row: Labelled, private: frozenset[str]) -> tuple[str, dict[int | str, str], Counter[str]]:
    """Return the sentence with blanks, the blank of each mark's number and of each copied text, and how many of each type there are."""
    text = lower(mend(row.turn.text))
    if holds_digits(text, row.turn.language):
        raise Telling("digits")
    if _HELD & set(text):
        raise Telling("signs of the notation")
    spans = _spans(row, text)
    names: dict[int | str, str] = {}
    used: Counter[str] = Counter()
    sentence, place = "", 0
    for start, end, key, kind in spans:
        before, after = _unit(text[start:end]) if kind == "num" else ("", "")
        used[kind] += 1
        names[key] = kind if used[kind] == 1 else f"{kind}{used[kind]}"
        sentence += f"{text[place:start]}{before}{{{names[key]}}}{after}"
        place = end
    sentence = (sentence + text[place:]).strip()
    _check(sentence, row, private)
    return sentence, names, used


def _spans(row: Labelled, text: str) -> list[tuple[int, int, int | str, str]]:
    """Return (start, end, mark's number or copied words, blank) of everything that is taken out, in order."""
    copied = _copied(row.calls, text)
    marks: list[tuple[int, int, int | str, str]] = [
        (mark.start, mark.end, number, _kind_of(mark)) for number, mark in enumerate(row.turn.marks, 1)
    ]
    free = [mark for mark in marks if all(mark[1] <= span[0] or mark[0] >= span[1] for span in copied)]
    lost = {mark[2] for mark in marks} - {mark[2] for mark in free}
    if lost & {term.key for call in row.calls for term in terms_of(call) if isinstance(term, Pointer)}:
        raise Telling("free words across a name")
    return sorted([*free, *copied], key=lambda span: span[0])


def _copied(calls: Iterable[Call], text: str) -> list[tuple[int, int, int | str, str]]:
    """Return where the free words of a reading stand; overlapping ones are left out."""
    found: list[tuple[int, int, int | str, str]] = []
    for call in calls:
        slots = [(term, "text") for _, term in call.slots]
        for term, blank in [*((term, "unknown") for term in (*call.targets, *call.excepts)), *slots]:
            if not isinstance(term, Text) or any(span[2] == term.text for span in found):
                continue
            words = lower(term.text.strip())
            start = text.find(words)
            if not words or start < 0:
                raise Telling("free words that are not said")
            span = (start, start + len(words), term.text, blank)
            if any(start < other[1] and span[1] > other[0] for other in found):
                raise Telling("free words across others")
            found.append(span)
    return found


def _kind_of(mark: Mark) -> str:
    """Return the blank that stands for a mark."""
    return next((kind for kind in mark.types if kind in BLANKS), "device" if mark.refs else "unknown")


def _unit(words: str) -> tuple[str, str]:
    """Return what of a number's words is its unit, before and after it: that is said, and is no secret."""
    found = _UNIT.fullmatch(words)
    return (found["before"] or "", found["after"] or "") if found and found["number"] else ("", "")


def _check(sentence: str, row: Labelled, private: frozenset[str]) -> None:
    """Raise Telling if the words around the blanks tell anything."""
    plain = BLANK.sub(" , ", sentence)
    said = [word for word, _, _ in split_words(plain)]
    if re.search(r"\d", plain):
        raise Telling("digits")
    if private & (set(said) | {part for name in private if not name.isascii() for part in (name,) if name in plain}):
        raise Telling("a name of the home")
    if re.search(r"[@/\\_=*^~$€£¥&+]", plain):
        raise Telling("signs")
    if not is_plain(plain, row.turn.language):
        raise Telling("a word that is not plain")
    if row.source == "talk" and len(said) > (LONGEST_TALK if plain.isascii() else 2 * LONGEST_TALK):
        raise Telling("long talk")
    if not said and not BLANK.search(sentence):
        raise Telling("nothing left")


def _private_words(home: Home) -> frozenset[str]:
    """Return the words of people's names and of labels, which may stand in a sentence without being marked."""
    people = [entity for entity in home.entities if entity.domain in ("person", "device_tracker", "calendar")]
    names = [name for entity in people for name in (entity.name, *entity.aliases)] + [
        label.name for label in home.labels
    ]
    return frozenset(
        word for name in names for word in words_of_name(name) if word not in stop_words() and len(word) > 1
    )


def _line(row: Labelled, sentence: str, names: Mapping[int | str, str], calls: tuple[Call, ...]) -> str:
    """Return the line of the stock. Raise Telling when it can not be written as one."""

    def put(term: Term) -> Term:
        if isinstance(term, Pointer):
            return Pointer(names[term.key])
        return Pointer(names[term.text]) if isinstance(term, Text) else term

    try:
        filled = tuple(
            Call(
                call.verb,
                call.kind,
                tuple(map(put, call.targets)),
                tuple(map(put, call.excepts)),
                tuple((slot, put(term)) for slot, term in call.slots),
            )
            for call in calls
        )
        before = before_of(row.turn.before)
        line = f"{before} >> " if before else ""
        line += f"{sentence} | {format_calls(filled)}"
        way = read_line(line, row.turn.language, "journal")
    except (KeyError, NotationError, ValueError) as err:
        raise Telling("no line of the stock") from err
    if way.sentence != sentence or way.calls != filled:
        raise Telling("no line of the stock")
    return line


def before_of(tokens: tuple[str, ...]) -> str:
    """Return the turn before in the notation of the stock; raise NotationError where its tokens are none."""
    calls: list[list[str]] = []
    catalog = load_catalog()
    slot = ""
    for token in (token.strip("<>") for token in tokens):
        if token == PREV.strip("<>"):
            calls.append([])
        elif not calls:
            raise NotationError("no turn before")
        elif token.endswith("="):
            slot = token
        else:
            named = token in BLANKS and not (len(calls[-1]) == 1 and token in catalog.kinds and not slot)
            named = named and not (slot and token in catalog.words)
            calls[-1].append(f"{slot}{{{token}}}" if named else f"{slot}{token}")
            slot = ""
    return " ; ".join(" ".join(parts) for parts in calls)
