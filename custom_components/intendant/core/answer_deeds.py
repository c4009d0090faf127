"""Find the words for each service that was called: which sentence, and what goes into its gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .answer_values import color_name, white_name
from .lexicon import load_colors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .intentions import Act, Situation, Step
    from .phrases import Phrases

_LIGHT = ("rgb_color", "color_name", "color_temp_kelvin", "effect", "white", "brightness_pct")
_WORDS = frozenset(
    {"hvac_mode", "fan_mode", "swing_mode", "repeat", "direction", "preset_mode", "operation_mode", "mode", "fan_speed"}
)
_NUMBERS = frozenset({"temperature", "humidity", "position", "tilt_position", "percentage"})


@dataclass(frozen=True, slots=True)
class Deed:
    """Things, what was done to them as a sentence with gaps, and what fills those."""

    entity_ids: tuple[str, ...]
    template: str
    facts: Mapping[str, object] = field(default_factory=dict)


def deeds_of(act: Act, done: Sequence[str], situation: Situation, phrases: Phrases) -> list[Deed]:
    """Return what an act did; steps that did the same are one deed, and so are items on the same list."""
    deeds: list[Deed] = []
    for step in act.steps:
        ids = tuple(i for i in step.entity_ids if i in done) if step.entity_ids else ()
        if step.entity_ids and not ids:
            continue
        deed = _deed(step, ids, situation, phrases)
        same = next(
            (
                old
                for old in deeds
                if old.template == deed.template
                and {**old.facts, "item": 0, "items": 0} == {**deed.facts, "item": 0, "items": 0}
            ),
            None,
        )
        if same is None:
            deeds.append(deed)
            continue
        facts = dict(same.facts)
        if "item" in facts and facts["item"] != deed.facts["item"]:
            earlier = facts.get("items")
            items = (*(earlier if isinstance(earlier, tuple) else (facts["item"],)), deed.facts["item"])
            facts |= {"items": items, "item": phrases.join([str(item) for item in items])}
        merged = Deed(tuple(dict.fromkeys((*same.entity_ids, *ids))), same.template, facts)
        deeds[deeds.index(same)] = merged
    return deeds


def _deed(step: Step, ids: tuple[str, ...], situation: Situation, phrases: Phrases) -> Deed:
    templates = phrases.words["acts"]["done"]
    if step.service == "light.turn_on" and (parts := _light(step, phrases)):
        return Deed(ids, str(phrases.words["acts"]["light_all"]), {"how": phrases.steps(parts)})
    if step.service == "climate.set_hvac_mode" and step.data.get("hvac_mode") == "off":
        return Deed(ids, str(phrases.words["acts"]["hvac_off"]))
    if step.service.startswith("intent."):
        return _intent(step, templates, phrases)
    service = step.service.partition(".")[2]
    template = templates.get(step.service) or templates.get(service) or phrases.word("misc", "done")
    return Deed(ids, str(template), _facts(step, ids, situation, phrases))


def _light(step: Step, phrases: Phrases) -> list[str]:
    """Return what a light was given, colour first."""
    words = phrases.words["acts"]["light"]
    parts = []
    for key in _LIGHT:
        if (value := step.data.get(key)) is None:
            continue
        if key == "rgb_color" and isinstance(value, (list, tuple)):
            names = {color.rgb: color.name for color in load_colors().values()}
            parts.append(words[key].format(v=color_name(names.get(tuple(value), "color"), phrases)))
        elif key == "color_temp_kelvin" and isinstance(value, (int, float)):
            parts.append(words[key].format(v=white_name(value, phrases)))
        elif key in words:
            parts.append(words[key].format(v=value))
    return parts


def _facts(step: Step, ids: tuple[str, ...], situation: Situation, phrases: Phrases) -> dict[str, object]:
    words = phrases.words["acts"]["words"]
    facts: dict[str, object] = {}
    for key, value in step.data.items():
        if isinstance(value, bool):
            facts[key] = words["on" if value else "off"]
        elif key in _NUMBERS and isinstance(value, (int, float)):
            facts[key] = phrases.number(value)
        else:
            facts[key] = words.get(str(value), phrases.word("options", str(value))) if key in _WORDS else value
    if "is_volume_muted" in step.data:
        facts["muted"] = words["muted" if step.data["is_volume_muted"] else "unmuted"]
    if isinstance(level := step.data.get("volume_level"), (int, float)):
        facts["volume"] = phrases.number(level * 100)
    if isinstance(rooms := step.data.get("cleaning_area_id"), (list, tuple)):
        facts["rooms"] = phrases.join(
            [phrases.the(situation.house.areas[room].name) for room in rooms if room in situation.house.areas]
        )
    if isinstance(value := step.data.get("value"), (int, float)) and ids:
        state = situation.states(ids[0])
        facts["value"] = phrases.amount(value, str(state.attributes.get("unit_of_measurement") or "") if state else "")
    return facts


def _intent(step: Step, templates: Mapping[str, str], phrases: Phrases) -> Deed:
    seconds = sum(
        float(value) * size
        for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1))
        if isinstance(value := step.data.get(unit), (int, float))
    )
    name = step.data.get("name")
    key = f"{step.service}.named" if name and f"{step.service}.named" in templates else step.service
    facts = {"length": phrases.duration(seconds), "name": name or "", "message": step.data.get("message", "")}
    return Deed((), str(templates.get(key, phrases.word("misc", "done"))), facts)
