"""Write readings as text and read them back: the notation of the stock, of tests and of debugging.

off light {area} except "desk lamp" in={dur} ; set climate @2 temperature=@3
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .errors import NotationError
from .values import Call, Pointer, Term, Text, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART = re.compile(r'[a-z_0-9]+=(?:"[^"]*"|\{\w+\}|[@\w]+)|"[^"]*"|\{\w+\}|;|[@\w]+')


def parse_calls(text: str) -> tuple[Call, ...]:
    """Read calls from notation. Raise NotationError, naming the part that does not fit the catalogue."""
    calls: list[Call] = []
    parts = _PART.findall(text)
    if re.sub(r"\s+", "", text) != re.sub(r"\s+", "", "".join(parts)):
        raise NotationError(f"not understood: {text!r}")
    start = 0
    for end in [*(i for i, part in enumerate(parts) if part == ";"), len(parts)]:
        calls.append(_parse_call(parts[start:end]))
        start = end + 1
    return tuple(calls)


def _parse_call(parts: list[str]) -> Call:
    catalog = load_catalog()
    if not parts or parts[0] not in catalog.verbs:
        raise NotationError(f"no such verb: {parts[:1]}")
    verb, rest = parts[0], parts[1:]
    kind = None
    if rest and rest[0] in catalog.kinds:
        kind, *rest = rest
    targets: list[Term] = []
    excepts: list[Term] = []
    slots: list[tuple[str, Term]] = []
    into = targets
    for part in rest:
        name, equals, value = part.partition("=")
        if part == "except":
            into = excepts
        elif equals and not part.startswith('"'):
            slots.append((name, _parse_value(verb, name, value)))
        elif slots:
            raise NotationError(f"a target after a slot: {part}")
        else:
            into.append(_parse_target(part))
    order = catalog.verbs[verb]
    slots.sort(key=lambda slot: order.index(slot[0]))
    return Call(verb, kind, tuple(targets), tuple(excepts), tuple(slots))


def _parse_target(part: str) -> Term:
    term = _parse_term(part)
    if isinstance(term, Word) and term.word not in load_catalog().targets:
        raise NotationError(f"no such target: {part}")
    return term


def _parse_value(verb: str, slot: str, part: str) -> Term:
    catalog = load_catalog()
    if slot not in catalog.verbs[verb]:
        raise NotationError(f"{verb} takes no {slot}")
    term = _parse_term(part)
    if isinstance(term, Word) and term.word not in catalog.slots[slot]:
        raise NotationError(f"{slot} takes no {part}")
    return term


def _parse_term(part: str) -> Term:
    if part.startswith('"'):
        return Text(part[1:-1])
    if part.startswith("{"):
        return Pointer(part[1:-1])
    if part.startswith("@"):
        return Pointer(int(part[1:]))
    return Word(part)


def format_calls(calls: Iterable[Call]) -> str:
    """Write calls in notation; the inverse of parse_calls."""
    return " ; ".join(_format_call(call) for call in calls)


def _format_call(call: Call) -> str:
    parts = [call.verb, *([call.kind] if call.kind else []), *map(_format_term, call.targets)]
    if call.excepts:
        parts += ["except", *map(_format_term, call.excepts)]
    parts += [f"{slot}={_format_term(term)}" for slot, term in call.slots]
    return " ".join(parts)


def _format_term(term: Term) -> str:
    match term:
        case Pointer(int(key)):
            return f"@{key}"
        case Pointer(key):
            return f"{{{key}}}"
        case Text(text):
            return f'"{text}"'
        case Word(word):
            return word
