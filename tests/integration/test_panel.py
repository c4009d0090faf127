"""The page's place in the sidebar, and its words; what it does is tried in tests/page."""

import re
from typing import TYPE_CHECKING

import pytest
from homeassistant.components.frontend import DATA_PANELS
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.setup import async_setup_component

from custom_components.intendant.panel import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

WORDS = re.compile(r'^ *"?([\w.]+)"?: "|(?<=, )"([\w.]+)": "', re.MULTILINE)
NEVER = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?://(?!www\.w3\.org/2000/svg)"
)


@pytest.fixture
async def frontend(hass: HomeAssistant) -> None:
    """Let Home Assistant believe that its frontend is there: the tests have no files of it."""
    assert await async_setup_component(hass, "http", {})
    hass.config.components.add("frontend")


@pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")  # Home Assistant's http
async def test_administrators_have_it_in_the_sidebar(
    hass: HomeAssistant,
    frontend: None,  # noqa: ARG001 - must be there first
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    panel = hass.data[DATA_PANELS]["intendant"].to_response()
    assert (panel["require_admin"], panel["title"], panel["icon"]) == (True, "Intendant", "mdi:bow-tie")
    assert panel["config_panel_domain"] == "intendant"
    client = await hass_client_no_auth()
    assert panel["config"]
    answer = await client.get(panel["config"]["_panel_custom"]["module_url"])
    assert answer.status == 200
    assert await answer.text() == (FILES / "panel.js").read_text()


async def test_it_stays_when_the_entry_is_reloaded_and_goes_with_it(
    hass: HomeAssistant,
    frontend: None,  # noqa: ARG001 - must be there first
    entry: MockConfigEntry,
) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    panels = hass.data[DATA_PANELS]
    before = panels["intendant"]
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert panels["intendant"] is before
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert "intendant" not in panels
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    assert "intendant" in panels
    await hass.config_entries.async_remove(entry.entry_id)
    assert "intendant" not in panels


async def test_without_a_frontend_there_is_none(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert "intendant" not in hass.data.get(DATA_PANELS, {})


def words(language: str) -> set[str]:
    """Return the keys of the page's words."""
    found = WORDS.findall((FILES / f"words_{language}.js").read_text())
    return {first or second for first, second in found}


def test_every_word_is_there_in_every_language() -> None:
    assert len(words("en")) > 250
    assert words("en") == words("zh")


def test_every_word_that_is_used_is_there() -> None:
    used = {
        key
        for path in FILES.glob("*.js")
        for key in re.findall(r'\bt\("([\w.]+)"|\? "([a-z_]+\.[\w.]+)"|: "([a-z_]+\.[\w.]+)"', path.read_text())
        if not path.name.startswith("words_")
    }
    assert {word for groups in used for word in groups if word} - words("en") == set()


@pytest.mark.parametrize("path", sorted(FILES.glob("*.js")), ids=lambda path: path.name)
def test_no_text_becomes_html_and_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert NEVER.findall(path.read_text()) == []
