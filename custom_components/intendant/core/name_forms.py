"""The shorter ways in which the name of a thing is said: without its room, its owner, its kind, what it stands beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lexicon import frequent_words, kind_words, load_words, stop_words
from .text import clean, lower, split_words, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FULL, WITHOUT_AREA, WITHOUT_KIND, PART = 1.0, 0.9, 0.8, 0.7
"""Quality of a match with the whole name, without the room or the owner in it, without the kind of thing, with a part of it."""
_SHORTEST_PART = 4


def shorten(words: list[str], areas: Iterable[list[str]], *, nicknamed: bool) -> Iterator[tuple[list[str], float]]:
    """Yield the words of a name and of what may be said instead of it, each with its quality.

    `areas` are the words of the names of its area; `nicknamed` is whether a part of the name alone may stand for it, as
    for devices ("the straighteners"), not for scenes ("night").
    """
    yield words, FULL
    shorter = words
    for area in areas:
        if rest := without(words, area):
            yield rest, WITHOUT_AREA
            shorter = rest
    if owned := _without_owner(shorter):
        yield owned, WITHOUT_AREA
        shorter = owned
    if head := _before_place(shorter):
        yield head, WITHOUT_KIND
    for form in (words, shorter):
        bare = strip_kinds(form)
        if bare and bare != form and not _only_owner(bare):
            yield bare, WITHOUT_KIND
    if len(shorter) > 2 and shorter[0].isascii():
        for part in (shorter[:2], shorter[-2:]):
            yield part, PART
            yield strip_kinds(part), PART
    if nicknamed and (last := _last_part(shorter)):
        yield last, PART


def owner_of_room(words: list[str]) -> str | None:
    """Return the stem of whom a room belongs to: "tilly" for "Tilly's room"; None for other rooms."""
    rooms = load_words("en")["rooms_of_somebody"]
    return stem(words[0]) if len(words) == 2 and words[0].endswith("'s") and words[1] in rooms else None


def sort_of_room(words: list[str]) -> str | None:
    """Return what sort of room a name ends with: "bedroom" for "Our bedroom", 阳台 for 南阳台; None for others."""
    if words[0].isascii():
        return words[-1] if words[-1] in load_words("en")["sorts_of_room"] else None
    name = "".join(words)
    return next((sort for sort in load_words("zh")["sorts_of_room"] if name.endswith(sort)), None)


def rooms_alike(words: list[str]) -> Iterator[list[str]]:
    """Yield other names of a room: "Emma's bedroom" for "Emma's room", 豆豆房间 for 豆豆屋."""
    if words[0].isascii():
        rooms = load_words("en")["rooms_of_somebody"]
        if len(words) > 1 and words[-1] in rooms:
            yield from ([*words[:-1], room] for room in rooms if room != words[-1])
        return
    name = "".join(words)
    endings = sorted(load_words("zh")["rooms_of_somebody"], key=len, reverse=True)
    ending = next((ending for ending in endings if name.endswith(ending)), "")
    owner = name.removesuffix(ending)
    if ending and len(owner) > 1:
        yield from (list(owner + other) for other in endings if other != ending)


def _without_owner(words: list[str]) -> list[str] | None:
    """Return the words of a name without whose it is: "Tilly's straighteners", 豆豆的小夜灯."""
    if words[0].endswith("'s"):
        return None if _is_frequent(words[1:]) else words[1:]
    if "的" in words[1:5] and not words[0].isascii():
        return words[words.index("的") + 1 :] or None
    return None


def _only_owner(words: list[str]) -> bool:
    """Return whether words only say whose a thing is: "dad's" of "dad's lamp" is no lamp."""
    return words[-1] == "的" or (len(words) == 1 and words[0].endswith("'s"))


def _before_place(words: list[str]) -> list[str] | None:
    """Return the words of a name before the place that it names: "pendant over the table"."""
    places = load_words("en")["before_places"]
    return next((words[:i] for i, word in enumerate(words) if i and word in places), None)


def _last_part(words: list[str]) -> list[str] | None:
    """Return the last word of a name where it is a rare one, of a Chinese name its last two characters."""
    if not words[-1].isascii():
        part = "".join(words[-2:])
        return words[-2:] if len(words) > 2 and not any(kind.endswith(part) for kind in kind_words()) else None
    last = words[-1]
    plain = _is_frequent([last]) or last in kind_words() or last in stop_words()
    return [last] if len(words) > 1 and len(last) >= _SHORTEST_PART and not plain else None


def _is_frequent(words: list[str]) -> bool:
    """Return whether words are one that is said all the time and means no device: "side", "night"."""
    return len(words) == 1 and stem(words[0]) in frequent_words() - set(load_words("en")["frequent_devices"])


def split_plain(name: str) -> list[str]:
    """Return the lower-case words of a name."""
    return [word for word, _, _ in split_words(lower(clean(name)))]


def is_common(words: list[str]) -> bool:
    """Return whether no word is special to this home."""
    if words and len(words) > 1 and not words[0].isascii():
        # Each Han character is a word: 大灯 is a name though 大 and 灯 are none.
        return "".join(words) in kind_words() or all(word in stop_words() for word in words)
    return all(word in kind_words() or word in stop_words() for word in words)


def is_plain(words: list[str]) -> bool:
    """Return whether words only call a kind of thing ("garage door"), or only are common ("the one")."""
    return all(word in kind_words() for word in words) or all(word in stop_words() for word in words)


def without(words: list[str], area: list[str]) -> list[str] | None:
    """Return the words of a name without the words of its area, None when the area is not in it or nothing is left."""
    size = len(area)
    for start in range(len(words) - size + 1):
        if [stem(word) for word in words[start : start + size]] == [stem(word) for word in area]:
            rest = words[:start] + words[start + size :]
            while rest and rest[0] in stop_words() and rest[0].isascii():
                rest.pop(0)
            return rest or None
    return None


def strip_kinds(words: list[str]) -> list[str]:
    """Return the words without trailing words that call a kind of thing ("desk lamp" → "desk")."""
    if words and not words[0].isascii():
        text = "".join(words)
        for size in (3, 2, 1):
            if len(text) - size >= 2 and text[-size:] in kind_words():
                return list(text[:-size])
        return words
    rest = list(words)
    while rest and rest[-1] in kind_words():
        rest.pop()
    return rest
