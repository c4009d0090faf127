"""What helps to find a fault: counts, versions, hashes and latencies. Never a sentence, never a name."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from .const import CONF_AREAS, CONF_BUNDLE, CONF_FALLBACK_LANGUAGE, CONF_HAND_OVER_TO, CONF_STRICTNESS
from .core.catalog import load_catalog
from .core.encode import FORMAT

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .core.house import House
    from .runtime import IntendantConfigEntry


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: IntendantConfigEntry) -> dict[str, Any]:
    """Return diagnostics for the config entry."""
    runtime = entry.runtime_data
    engine, card = runtime.engine, runtime.engine.card
    catalog = await hass.async_add_executor_job(load_catalog)
    agents = []
    for subentry_id, keeper in runtime.houses.items():
        options = entry.subentries[subentry_id].data
        agents.append(
            {
                "strictness": options.get(CONF_STRICTNESS),
                "fallback_language": options.get(CONF_FALLBACK_LANGUAGE),
                "hands_over_to_another_agent": CONF_HAND_OVER_TO in options,
                "chosen_areas": len(options.get(CONF_AREAS) or ()),
                "home": _count(await keeper.async_house()),
            }
        )
    return {
        "format": FORMAT,
        "catalogue": catalog.hash,
        "own_bundle": CONF_BUNDLE in entry.data,
        "bundled_in_service": engine.bundled,
        "bundle": {
            "format": card.format,
            "catalogue": card.catalogue,
            "languages": list(card.languages),
            "base": card.base,
            "recipe": card.recipe,
            "data": card.data,
            "bits": card.bits,
            "bytes": card.bytes,
            "scores": card.scores,
            "sha256": card.sha256,
        }
        if card
        else None,
        "versions": runtime.versions.count() if runtime.versions else {},
        "turns": dict(engine.counts),
        "milliseconds": engine.latencies(),
        "conversations": len(runtime.dialogues),
        "phrases": len(runtime.phrasebook.phrases),
        "journal": {
            **runtime.journal.bounds.as_dict(),
            "kept": await runtime.journal.async_count(),
            "key_lost": runtime.journal.key_lost,
            "failures": runtime.journal.failures,
        }
        if runtime.journal
        else None,
        "plans": len(runtime.schedule.plans),
        "agents": agents,
    }


def _count(house: House) -> dict[str, Any]:
    home = house.home
    return {
        "floors": len(home.floors),
        "areas": len(home.areas),
        "labels": len(home.labels),
        "entities": dict(Counter(entity.domain for entity in home.entities)),
        "without_area": sum(entity.area_id is None for entity in home.entities),
    }
