"""Home Assistant for the tests of the integration: a furnished home, and Intendant with a model that is not one."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components

from .fakes import FakeInterpreter, FakeLoader, word_results

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.furnished.entity import House

ROOT = Path(__file__).parents[2]
if str(ROOT / "demo/custom_components") not in custom_components.__path__:
    custom_components.__path__.append(str(ROOT / "demo/custom_components"))

from custom_components.furnished import async_furnish  # noqa: E402 - found by the path above

HOME = """
name: Test
floors: [{id: ground, name: Ground floor, level: 0, aliases: [downstairs]}]
areas: [{id: kitchen, name: Kitchen, floor: ground, aliases: [cooking area]}, {id: hall, name: Hall}]
labels: [{id: xmas, name: Christmas}, {id: unused, name: Unused}]
entities:
  - {id: light.a, name: Ceiling, area: kitchen, aliases: [big one], labels: [xmas], modes: [rgb, color_temp], effects: [rainbow], brightness_pct: 50}
  - {id: light.b, name: Floor lamp, area: hall, modes: [onoff]}
  - {id: switch.a, name: Hidden, exposed: false}
  - {id: switch.gone, name: Gone, available: false}
  - {id: cover.a, name: Blind, device_class: blind, position: 100}
  - {id: cover.b, name: Garage, device_class: garage}
  - {id: valve.a, name: Water, device_class: water, position: 0}
  - {id: lock.a, name: Door, can_open: true}
  - {id: climate.a, name: Heating, modes: [off, heat, cool]}
  - {id: media_player.a, name: Player, sources: [Radio, TV], state: playing}
  - {id: lawn_mower.a, name: Mower}
  - {id: siren.a, name: Siren}
  - {id: alarm_control_panel.a, name: Alarm}
  - {id: input_number.a, name: Input number, min: 1, max: 9, state: 3}
  - {id: todo.a, name: Shopping, items: [Oat milk, {summary: rent, done: true}]}
  - {id: weather.a, name: Weather, state: rainy, forecast: [{in_days: 1, condition: sunny, high: 18, low: 9}]}
  - {id: person.a, name: Ann, state: Work}
"""


class Say(Protocol):
    """Says a sentence to the agent."""

    async def __call__(
        self,
        text: str,
        conversation_id: str | None = "talk",
        *,
        satellite_id: str | None = None,
        user_id: str | None = None,
        language: str = "en",
    ) -> conversation.ConversationResult: ...


@pytest.fixture(autouse=True)
def _load_intendant(enable_custom_integrations: None, hass: HomeAssistant, tmp_path: Path) -> None:  # noqa: ARG001 - must be there first
    """Let the test instance see custom_components, and give it a configuration folder of its own."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture
async def house(hass: HomeAssistant, tmp_path: Path) -> House:
    """Return a furnished home."""
    (tmp_path / "home.yaml").write_text(HOME)
    assert await async_setup_component(hass, "homeassistant", {})
    return await async_furnish(hass, str(tmp_path / "home.yaml"))


@pytest.fixture
def interpreter() -> FakeInterpreter:
    """Return what understands in place of the model."""
    return FakeInterpreter()


@pytest.fixture
def loader(interpreter: FakeInterpreter, monkeypatch: pytest.MonkeyPatch) -> FakeLoader:
    """Load the fake wherever a bundle would be loaded."""
    loader = FakeLoader(interpreter)
    monkeypatch.setattr("custom_components.intendant.engine.load_interpreter", loader)
    monkeypatch.setattr("custom_components.intendant.config_flow.load_interpreter", loader)
    monkeypatch.setattr("custom_components.intendant.engine.word_answer", word_results)
    return loader


@pytest.fixture
def options() -> dict[str, object]:
    """Return the options of the agent; tests parametrize it."""
    return {}


@pytest.fixture
async def entry(hass: HomeAssistant, loader: FakeLoader, options: dict[str, object]) -> MockConfigEntry:  # noqa: ARG001 - must be there first
    """Return a config entry with one agent, not set up yet."""
    for domain in ("homeassistant", "conversation", "intent"):
        assert await async_setup_component(hass, domain, {})
    agent = ConfigSubentryData(data=options, subentry_type="conversation", title="Intendant", unique_id=None)
    entry = MockConfigEntry(domain="intendant", title="Intendant", subentries_data=[agent])
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def agent(hass: HomeAssistant, house: House, entry: MockConfigEntry) -> str:  # noqa: ARG001 - must be there first
    """Return the agent's entity id, in service in the furnished home."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    [entity] = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return entity.entity_id


@pytest.fixture
def say(hass: HomeAssistant, agent: str) -> Say:
    """Return what says a sentence to the agent."""

    async def say(
        text: str,
        conversation_id: str | None = "talk",
        *,
        satellite_id: str | None = None,
        user_id: str | None = None,
        language: str = "en",
    ) -> conversation.ConversationResult:
        return await conversation.async_converse(
            hass, text, conversation_id, Context(user_id=user_id), language, agent, satellite_id=satellite_id
        )

    return say


def speech(result: conversation.ConversationResult) -> str:
    """Return what was said."""
    return str(result.response.speech["plain"]["speech"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests were left out: without a network, nothing is spoken or heard."""
    reports = terminalreporter.stats.get("skipped", [])
    for reason in dict.fromkeys(str(report.longrepr[2]) for report in reports if isinstance(report.longrepr, tuple)):
        terminalreporter.write_line(f"LEFT OUT: {reason.removeprefix('Skipped: ')}", yellow=True)
