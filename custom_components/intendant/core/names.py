"""Find the names of the home that a sentence may mention: by spelling, by sound, by alias, by part of the name.

The index is built once per home. A look-up costs the length of the sentence, not the size of the home: every span of
the sentence is one look-up in a dictionary; only words unknown to the home are compared with the home's words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from .catalog import load_catalog
from .colored_light import without_light
from .lexicon import common_words, frequent_words, kind_words, stop_words, thing_words
from .name_forms import (
    FULL,
    WITHOUT_AREA,
    WITHOUT_KIND,
    is_common,
    is_plain,
    owner_of_room,
    rooms_alike,
    shorten,
    sort_of_room,
    split_plain,
)
from .text import join_stems, sound, split_words, stem
from .values import Color, Mark, Option, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .values import Entity, Home

MISSPELT, SOUNDS_ALIKE = 0.75, 0.7
_MAX_WORDS, _MAX_KEY, _MIN_SIMILARITY, _LOOSELY_ALIKE = 10, 40, 74, 40
_CALLED_BY_PART = frozenset(
    {
        "light",
        "switch",
        "fan",
        "cover",
        "valve",
        "climate",
        "humidifier",
        "water_heater",
        "media_player",
        "vacuum",
        "lawn_mower",
        "siren",
    }
)
"""Domains of things for which a part of the name stands by itself; a scene or a list is called by its whole name."""
_EXACT = 4
"""Letters of a name that is noticed within words that are not quite another one."""
_MASS = frozenset({"some"})
"""What follows this is no misspelt name: some Motown."""
_COUNTS = frozenset({"minutes", "hours", "seconds", "time", "level", "duration", "target", "limit", "count", "tally", "setting", "amount"})  # fmt: skip
"""Last words of the names of numbers that may be left out: "the watering" for "watering minutes"."""
_LITTLE_HAN, _LONG_HAN = frozenset("要该得去来了的想就先快"), 4
"""Characters that stand within the name of a scene when it is talked of, and how many others it must have."""
_DOMAIN_TYPES = {"input_boolean": "switch", "input_number": "number", "input_select": "select", "input_button": "button", "device_tracker": "person",
                 "media_player": "media", "lawn_mower": "mower", "alarm_control_panel": "alarm", "todo": "list"}  # fmt: skip


def entity_type(entity_id: str) -> str:
    """Return the mark's token for an entity: the kind of its domain, or sensor."""
    domain = entity_id.partition(".")[0]
    kind = _DOMAIN_TYPES.get(domain, domain)
    return kind if kind in load_catalog().kinds else "sensor"


class NameIndex:
    """Every way in which the names of one home may be said."""

    def __init__(self, home: Home) -> None:
        """Build the index; about 20 µs per entity."""
        self._keys: dict[str, dict[Ref, float]] = defaultdict(dict)
        self._options: dict[str, str] = {}
        self._sounds: dict[str, set[str]] = defaultdict(set)
        self._words: set[str] = set()
        self._raw: set[str] = set()
        self._rooms_of: dict[str, dict[Ref, None]] = defaultdict(dict)
        self._areas = {area.id: [split_plain(name) for name in (area.name, *area.aliases)] for area in home.areas}
        self._types: dict[Ref, str] = {}
        self._build(home)
        self._vocabulary = sorted(word for word in self._words if len(word) > 2 and word.isascii())

    def _build(self, home: Home) -> None:
        for kind, places in (("area", home.areas), ("floor", home.floors), ("label", home.labels)):
            for place in places:
                for name in (place.name, *getattr(place, "aliases", ())):
                    self._add_place(split_plain(name), Ref(kind, place.id))
        self._add_only_rooms(home)
        self._add_only_lights(home)
        for entity in home.entities:
            self._add_thing(entity)
        self._share(home)

    def _add_only_rooms(self, home: Home) -> None:
        """Let the sort of a room stand for it where there is one of that sort: "the bedroom" for "Our bedroom"."""
        by_sort: dict[str, set[Ref]] = defaultdict(set)
        for area in home.areas:
            for words in filter(None, map(split_plain, (area.name, *area.aliases))):
                if sort := sort_of_room(words):
                    by_sort[sort].add(Ref("area", area.id))
        for sort, refs in by_sort.items():
            if len(refs) == 1 and sort not in self._keys:
                self._add(split_plain(sort), next(iter(refs)), WITHOUT_KIND, heard=False)

    def _add_only_lights(self, home: Home) -> None:
        """Let "Eli's light" stand for the only light that is called Eli's, where no room is."""
        by_owner: dict[str, set[Ref]] = defaultdict(set)
        for entity in home.entities:
            words = split_plain(entity.name) if entity.domain == "light" else []
            if len(words) > 1 and words[0].endswith("'s"):
                by_owner[words[0]].add(Ref("entity", entity.id))
        for owner, refs in by_owner.items():
            if len(refs) == 1 and stem(owner) not in self._rooms_of:
                for kind in ("light", "lamp"):
                    self._add([owner, kind], next(iter(refs)), WITHOUT_KIND, heard=False)

    def _add_place(self, words: list[str], ref: Ref) -> None:
        self._types[ref] = ref.kind
        self._add(words, ref, FULL, heard=True)
        if words and ref.kind == "area":
            for other in rooms_alike(words):
                self._add(other, ref, WITHOUT_AREA, heard=True)
            if owner := owner_of_room(words):
                self._rooms_of[owner][ref] = None

    def _add_thing(self, entity: Entity) -> None:
        ref = Ref("entity", entity.id)
        self._types[ref] = entity_type(entity.id)
        counts = entity.domain in ("number", "input_number")
        areas, by_part = self._areas.get(entity.area_id or "", ()), entity.domain in _CALLED_BY_PART
        for words in filter(None, map(split_plain, (entity.name, *entity.aliases))):
            if counts and len(words) > 1 and words[-1] in _COUNTS:
                self._add(words[:-1], ref, WITHOUT_KIND, heard=False)
            for part, quality in shorten(words, areas, nicknamed=by_part):
                plain = quality < FULL and len(part) == 1 and stem(part[0]) in common_words() | thing_words()
                self._add(part, ref, quality, heard=quality >= WITHOUT_AREA and not plain)
        for option in entity.options:
            words = split_plain(option.replace("_", " "))
            if words and option not in load_catalog().words:
                self._options.setdefault(join_stems(words), option)

    def _share(self, home: Home) -> None:
        """Let a word that is left of one name without its room stand for all names of such things that end in it.

        With a "front room radiator" and "Tilly's radiator", nobody knows which one "the radiator" is.
        """
        for entity in home.entities:
            words = split_plain(entity.name)
            known = self._keys.get(stem(words[-1])) if len(words) > 1 and words[-1].isascii() else None
            ref = Ref("entity", entity.id)
            if (
                known
                and ref not in known
                and any(
                    quality == WITHOUT_AREA and self._types[other] == self._types[ref]
                    for other, quality in known.items()
                )
            ):
                known[ref] = WITHOUT_AREA

    def _add(self, words: list[str], ref: Ref, quality: float, *, heard: bool) -> None:
        # "Our room" may well be the name of a room, though both words are anybody's.
        room = quality == FULL and ref.kind == "area" and len(words) > 1
        # A lock may be called 大门, which is a word for gates too; whoever says it means the lock.
        lock_name = quality == FULL and self._types.get(ref) == "lock" and len(words) > 1
        if not words or (quality < FULL and is_common(words)) or (is_plain(words) and not room and not lock_name):
            return
        self._raw.update(words)
        key = join_stems(words)
        if (key in kind_words() and not lock_name) or (len(key) == 1 and quality < FULL):
            return
        known = self._keys[key]
        known[ref] = max(known.get(ref, 0.0), quality)
        self._words.update(map(stem, words))
        if heard and len(spoken := sound(key)) > 1:
            self._sounds[spoken].add(key)

    def find(self, text: str, values: Iterable[Mark] = ()) -> list[Mark]:
        """Return marks of names and of the given values that do not overlap, best first chosen, in order of place."""
        values = list(values)
        names = [
            mark
            for mark in self._find_spans(text)
            if not _is_degree(mark, text) and (mark.quality > MISSPELT or not _covers_color(mark, values))
        ]
        found = [*names, *without_light(values, [mark for mark in names if mark.refs], text)]
        found.sort(key=lambda mark: (-_weight(mark), mark.start))
        chosen: list[Mark] = []
        for mark in found:
            if all(mark.end <= other.start or mark.start >= other.end for other in chosen):
                chosen.append(mark)
        return sorted(chosen, key=lambda mark: mark.start)[:24]

    def _find_spans(self, text: str) -> Iterator[Mark]:
        words = split_words(text)
        stems = [stem(word) for word, _, _ in words]
        similar = [self._similar(word) for word in stems]
        for first in range(len(words)):
            if words[first][0].endswith("'s") and (refs := tuple(self._rooms_of.get(stems[first], ()))):
                # Whose room it is stands for the room: "the lights in Tilly's".
                yield Mark(words[first][1], words[first][2], ("area",), refs, None, FULL)
            for last in range(first, min(first + _MAX_WORDS, len(words))):
                key = "".join(stems[first : last + 1])
                if len(key) > _MAX_KEY:
                    break
                loosely = not first or words[first - 1][0] not in _MASS
                if first == last and words[first][0] in stop_words() - self._raw:
                    # "Can" is no lamp called Cans.
                    continue
                mark = (
                    self._match(key, stems[first : last + 1], similar[first : last + 1] if loosely else [])
                    or self._match_whole([word for word, _, _ in words[first : last + 1]], stems[first : last + 1])
                    or self._match_within(stems[first : last + 1])
                )
                if mark and not self._swallows(stems[first : last + 1], mark[1], mark[3]):
                    types, refs, option, quality = mark
                    yield Mark(
                        words[first][1], words[last][2], types, refs, Option(option) if option else None, quality
                    )

    def _swallows(self, stems: list[str], refs: tuple[Ref, ...], quality: float) -> bool:
        """Return whether words are not quite a name and hold another place's very name: "meant the bathroom" for "main bedroom"."""
        if quality > MISSPELT or len(stems) == 1:
            return False
        parts = (
            "".join(stems[i:j]) for i in range(len(stems)) for j in range(i + 1, len(stems) + 1) if j - i < len(stems)
        )
        exact = [(part, self._keys[part]) for part in parts if len(part) >= _EXACT and part in self._keys]
        return any(
            quality_of == FULL and ref.kind == "area" and ref not in refs
            for _, known in exact
            for ref, quality_of in known.items()
        )

    def _match(
        self, key: str, stems: list[str], similar: list[list[str]]
    ) -> tuple[tuple[str, ...], tuple[Ref, ...], str | None, float] | None:
        if key in self._keys:
            return self._describe(key, 1.0)
        if key in self._options:
            return ("option",), (), self._options[key], FULL
        if is_common(stems) or (len(stems) == 1 and stems[0] in frequent_words() | thing_words()):
            return None
        if any(similar):
            choices = [near or [word] for near, word in zip(similar, stems, strict=True)]
            for combination in product(*choices) if len(stems) < 5 else ():
                if (near := "".join(combination)) in self._keys:
                    return self._describe(near, MISSPELT)
        return self._match_sound(key, stems)

    def _match_whole(
        self, words: list[str], stems: list[str]
    ) -> tuple[tuple[str, ...], tuple[Ref, ...], str | None, float] | None:
        """Match by sound with the s that may be part of a misheard name ("wrecks" for "Rex")."""
        key = "".join(words).replace("'", "")
        if (
            not key.isascii()
            or words == stems
            or is_common(stems)
            or (len(stems) == 1 and stems[0] in frequent_words() | thing_words())
        ):
            return None
        return self._match_sound(key, stems)

    def _match_within(self, stems: list[str]) -> tuple[tuple[str, ...], tuple[Ref, ...], str | None, float] | None:
        """Match the Chinese name of a scene with little words in it: 爷爷要午休 for 爷爷午休."""
        if stems[0].isascii() or stems[0] in _LITTLE_HAN or stems[-1] in _LITTLE_HAN:
            return None
        key = "".join(stem for stem in stems if stem not in _LITTLE_HAN)
        if len(key) < _LONG_HAN or len(key) == len(stems) or key not in self._keys:
            return None
        scenes = all(self._types[ref] in ("scene", "script") for ref in self._keys[key])
        return self._describe(key, WITHOUT_KIND) if scenes else None

    def _match_sound(
        self, key: str, stems: list[str], alike: int = 0
    ) -> tuple[tuple[str, ...], tuple[Ref, ...], str | None, float] | None:
        if key.isascii() and (len(key) < 4 or stems[0] in stop_words() or stems[-1] in stop_words()):
            return None
        spoken = sound(key)
        alike = alike or (65, 65, 65, 50, 40)[min(len(spoken), 4)]
        for other in sorted(self._sounds.get(spoken, ())):
            if not key.isascii() or fuzz.ratio(key, other) > alike:
                return self._describe(other, SOUNDS_ALIKE)
        return None

    def _describe(self, key: str, factor: float) -> tuple[tuple[str, ...], tuple[Ref, ...], str | None, float]:
        known = self._keys[key]
        best = max(known.values())
        refs = tuple(ref for ref, quality in known.items() if quality == best or quality >= WITHOUT_AREA)
        types = tuple(dict.fromkeys(self._types[ref] for ref in refs))[:3]
        return types, refs, None, best * factor

    def _similar(self, word: str) -> list[str]:
        """Return the home's words that a word unknown to it may stand for."""
        if (
            word in self._words
            or len(word) < 4
            or not word.isascii()
            or word in stop_words()
            or word in kind_words()
            or word in common_words()
            or word in thing_words()
            or word.isdigit()
        ):
            return []
        hits = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=3)
        return [hit[0] for hit in hits]

    def resolve_text(self, text: str) -> tuple[Ref, ...]:
        """Return what copied words most likely name, looser than `find`; empty when nothing is near."""
        words = [stem(word) for word in split_plain(text)]
        while words and words[0] in stop_words():
            words.pop(0)
        key = "".join(words)
        if not key or is_plain(words):
            return ()
        if key in self._keys:
            return tuple(self._keys[key])
        whole = "".join(split_plain(text)).replace("'", "")
        if found := self._match_sound(whole, ["", ""], _LOOSELY_ALIKE) if len(whole) > 3 else None:
            return found[1]
        limit = 80 if key.isascii() else 60
        hit = process.extractOne(key, self._keys.keys(), scorer=fuzz.ratio, score_cutoff=limit)
        return tuple(self._keys[hit[0]]) if hit else ()


def _is_degree(mark: Mark, text: str) -> bool:
    """Return whether a choice of one Chinese character only says how something is: of 有点低, 低 is no fan speed."""
    if not isinstance(mark.quantity, Option) or mark.end - mark.start > 1:
        return False
    return re.search(r"(?:有点|有些|太|很|偏|再|更|稍)$", text[: mark.start]) is not None or text[
        mark.end :
    ].startswith(("一点", "点", "一些", "些"))


def _covers_color(name: Mark, values: Iterable[Mark]) -> bool:
    """Return whether what is not quite a name holds a colour by its very word: "Hue blue" is no misspelt "Hue Play"."""
    return any(isinstance(mark.quantity, Color) and name.start < mark.end and mark.start < name.end for mark in values)


def _weight(mark: Mark) -> float:
    quality = mark.quality if mark.refs or not isinstance(mark.quantity, Option) else 0.95
    return (mark.end - mark.start) * (quality if mark.refs else quality * 0.95)
