"""Homes of any size with names as people give them, and sentences about them."""

import random
from pathlib import Path
from typing import Any

import yaml

_NAMES = Path(__file__).parents[2] / "stock/en/names.yaml"
_DOMAINS = ["light"] * 6 + ["switch"] * 3 + ["sensor"] * 4 + ["binary_sensor"] * 2
_DOMAINS += ["cover", "cover", "climate", "media_player", "fan", "lock"]
_LISTS = {"media_player": "media", "binary_sensor": "sensor"}
_KEYS: dict[str, dict[str, Any]] = {
    "light": {"modes": ["color_temp", "rgb"]},
    "sensor": {"device_class": "temperature", "unit": "°C", "state": "21"},
    "binary_sensor": {"device_class": "door", "state": "off"},
    "cover": {"device_class": "blind", "position": 100},
    "climate": {"state": "heat", "modes": ["off", "heat"], "temperature": 20},
    "media_player": {"device_class": "speaker", "state": "idle"},
    "fan": {"percentage": 0},
}
SENTENCES = {
    "light": ["turn on the {}", "switch the {} off please", "dim the {} to 30 percent", "make the {} red", "{} off"],
    "switch": ["turn on the {} for ten minutes", "could you switch off the {}", "is the {} on"],
    "sensor": ["what does the {} say", "how warm is it in the {area}"],
    "cover": ["open the {}", "close the blinds in the {area}", "set the {} to 50 %"],
    "climate": ["set the {} to 21 degrees", "it's too cold in the {area}", "turn the heating off at quarter past seven"],
    "media_player": ["pause the {}", "a bit louder in the {area}", "play some jazz on the {}"],
    "fan": ["put the {} on", "stop the {} in half an hour"],
    "lock": ["is the {} locked", "lock the {}"],
    "area": ["turn off everything in the {area}", "trun on the lihgts in the {area}", "lights out in the {area} and the {other}"],
    "none": ["tell me a joke about elephants", "add oat milk and two bananas to the shopping list", "set a timer for 12 minutes", "what time is it", "turn it all off"],
}  # fmt: skip


def make_home(size: int, seed: int = 1) -> dict[str, Any]:
    """Return a home of so many things, in the form of a home file (demo/HOMES.md)."""
    chance = random.Random(seed)
    names = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    rooms = list(dict.fromkeys(map(str, names["area"])))
    chosen = chance.sample(rooms, k=min(max(3, size // 15), len(rooms)))
    areas = [{"id": f"room_{number}", "name": name, "floor": f"floor_{number % 3}"} for number, name in enumerate(chosen)]  # fmt: skip
    floors = [{"id": f"floor_{number}", "name": str(name), "level": number} for number, name in enumerate(names["floor"][:3])]  # fmt: skip
    things = []
    for number in range(size):
        domain = chance.choice(_DOMAINS) if number else "light"
        area = chance.choice(areas)
        name = str(chance.choice(names[_LISTS.get(domain, domain)]))
        if chance.random() < 0.6:
            name = f"{area['name']} {name}"
        things.append({"id": f"{domain}.thing_{number}", "name": name, "area": area["id"], **_KEYS.get(domain, {})})
    return {"name": f"{size} things", "language": "en", "floors": floors, "areas": areas, "entities": things}


def make_sentences(home: dict[str, Any], count: int, seed: int = 2) -> list[str]:
    """Return so many different sentences about a home, or as many as it yields."""
    chance = random.Random(seed)
    areas = {area["id"]: area["name"] for area in home["areas"]}
    found: dict[str, None] = {}
    for _ in range(count * 50):
        thing = chance.choice(home["entities"])
        kind = chance.choice([thing["id"].partition(".")[0]] * 4 + ["area", "none"])
        pattern = chance.choice(SENTENCES.get(kind, SENTENCES["area"]))
        other = chance.choice(list(areas.values()))
        found[pattern.format(thing["name"], area=areas[thing["area"]], other=other)] = None
        if len(found) == count:
            break
    return list(found)
