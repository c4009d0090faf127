"""Start a real Home Assistant in this process, with one furnished home and the agents that will be asked."""

import json
import logging
import socket
import sys
import tempfile
from contextlib import asynccontextmanager, nullcontext, redirect_stderr
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

# Home Assistant first: what it replaces must not have been imported by others.
import homeassistant  # noqa: E402, F401, I001
import custom_components  # noqa: E402

if str(ROOT / "demo/custom_components") not in custom_components.__path__:
    custom_components.__path__.append(str(ROOT / "demo/custom_components"))

from homeassistant import loader  # noqa: E402
from homeassistant.config_entries import ConfigSubentryData  # noqa: E402
from homeassistant.helpers import device_registry as dr, entity_registry as er, frame  # noqa: E402
from homeassistant.setup import async_setup_component  # noqa: E402
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant  # noqa: E402

from custom_components.furnished import async_furnish  # noqa: E402
from custom_components.furnished.const import EVENT_ANNOUNCED  # noqa: E402
from custom_components.furnished.entity import House  # noqa: E402
from custom_components.furnished.home import Piece  # noqa: E402
from custom_components.furnished.view import view  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from homeassistant.core import HomeAssistant

__all__ = [
    "EVENT_ANNOUNCED",
    "LANGUAGES",
    "AgentMissingError",
    "House",
    "Piece",
    "Running",
    "find_agent",
    "running_home",
    "view",
]

BUILT_IN = "homeassistant"
# More forms than any integration shows before it is there.
STEPS = 5
LANGUAGES = {"en": "en", "zh": "zh-CN"}


class AgentMissingError(Exception):
    """An agent that was asked for is not installed."""


@dataclass(slots=True)
class Running:
    """A home that runs: Home Assistant, the house in it, and where to speak."""

    hass: HomeAssistant
    house: House
    satellites: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """Return the home's language as Home Assistant writes it."""
        language = str(self.house.home.language)
        return LANGUAGES.get(language, language)


@asynccontextmanager
async def running_home(path: Path, kept: Path | None = None) -> AsyncIterator[Running]:
    """Start Home Assistant with the home of that file, in a configuration folder that is `kept` or goes; stop it at the end."""
    for noisy in ("haffmpeg", "homeassistant.components.ffmpeg", "homeassistant.loader", "aiohttp_fast_zlib"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    with nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory(prefix="benchmark-") as config:
        _choose_port(Path(config))
        async with async_test_home_assistant(config_dir=config) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
            frame.async_setup(hass)
            await _start(hass)
            house = await async_furnish(hass, str(path))
            running = Running(hass, house)
            hass.config.language = running.language
            running.satellites = _satellites(hass)
            try:
                yield running
            finally:
                await hass.async_stop(force=True)


async def find_agent(
    running: Running, name: str, bundle: Path | None = None, options: Mapping[str, Any] | None = None
) -> str:
    """Return the entity id of an agent, setting its integration up if need be, with another bundle or options if given."""
    if name == BUILT_IN:
        return "conversation.home_assistant"
    hass = running.hass
    if not hass.config_entries.async_entries(name):
        if bundle is None and options is None:
            await _add_integration(hass, name)
        else:
            await _add_with(hass, name, {} if bundle is None else {"bundle": str(bundle)}, options or {})
    for entry in hass.config_entries.async_entries(name):
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
            if entity.domain == "conversation":
                return entity.entity_id
    message = f"the integration {name} brought no conversation entity"
    raise AgentMissingError(message)


def _choose_port(config: Path) -> None:
    """Give the web server a port that nobody uses; a port in YAML would make Home Assistant restart after a while."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        data = {"server_host": ["127.0.0.1"], "server_port": probe.getsockname()[1]}
    storage = config / ".storage"
    storage.mkdir(exist_ok=True)
    (storage / "http").write_text(json.dumps({"version": 1, "minor_version": 1, "key": "http", "data": data}))


async def _start(hass: HomeAssistant) -> None:
    """Set up what a voice assistant needs."""
    for domain in ("homeassistant", "conversation", "sun"):
        with redirect_stderr(StringIO()):
            if not await async_setup_component(hass, domain, {}):
                raise RuntimeError(f"Home Assistant could not set {domain} up")


async def _add_integration(hass: HomeAssistant, name: str) -> None:
    """Add an integration as a user would: start its flow and submit every form as it is."""
    try:
        result = await hass.config_entries.flow.async_init(name, context={"source": "user"})
    except Exception as err:
        message = f"the integration {name} cannot be set up: {err!r}"
        raise AgentMissingError(message) from err
    for _ in range(STEPS):
        if result["type"] == "form" and not result.get("errors"):
            result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    await hass.async_block_till_done()
    if result["type"] != "create_entry":
        message = f"the integration {name} was not added: {result.get('errors') or result.get('reason')}"
        raise AgentMissingError(message)


async def _add_with(hass: HomeAssistant, name: str, data: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    """Add the integration as if the user had chosen that bundle and those options."""
    agent = ConfigSubentryData(subentry_type="conversation", title=name, unique_id=None, data=dict(options))
    entry = MockConfigEntry(domain=name, title=name, data=dict(data), subentries_data=[agent])
    entry.add_to_hass(hass)
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise AgentMissingError(f"the integration {name} does not start with {data}: {entry.reason}")
    await hass.async_block_till_done()


def _satellites(hass: HomeAssistant) -> dict[str, tuple[str, str]]:
    """Return device id and entity id of the satellite in each area; that of no area is the phone."""
    found = {}
    devices = dr.async_get(hass)
    for entry in hass.config_entries.async_entries("furnished"):
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
            if entity.domain == "assist_satellite" and entity.device_id:
                device = devices.async_get(entity.device_id)
                if device is not None:
                    found[device.area_id or ""] = (entity.device_id, entity.entity_id)
    return found
