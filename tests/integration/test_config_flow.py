"""Adding Intendant, its agents, and another bundle."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from custom_components.intendant.core.errors import BundleCorrupt, BundleMissing

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .fakes import FakeLoader

USER: Any = {"source": "user"}


@pytest.fixture
async def _ready(hass: HomeAssistant, loader: FakeLoader) -> None:
    for domain in ("homeassistant", "conversation"):
        assert await async_setup_component(hass, domain, {})
    assert not loader.loaded


@pytest.mark.usefixtures("_ready")
async def test_nothing_must_be_filled_in(hass: HomeAssistant) -> None:
    form = await hass.config_entries.flow.async_init("intendant", context=USER)
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, {})
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (result["title"], result["data"]) == ("Intendant", {})
    [agent] = result["subentries"]
    assert (agent["subentry_type"], agent["title"], agent["data"]) == (
        "conversation",
        "Intendant",
        {"strictness": "act", "brevity": "full"},
    )
    await hass.async_block_till_done()
    assert hass.states.get("conversation.intendant")


@pytest.mark.usefixtures("_ready")
async def test_a_bundle_that_cannot_be_loaded_is_shown_before_anything_is_added(
    hass: HomeAssistant, loader: FakeLoader
) -> None:
    loader.broken["default"] = BundleMissing("bad")
    form = await hass.config_entries.flow.async_init("intendant", context=USER)
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {"strictness": "ask"})
    assert form["errors"] == {"base": "bundle_missing"}
    loader.broken.clear()
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"strictness": "ask", "areas": ["kitchen"]}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [agent] = result["subentries"]
    assert agent["data"] == {"strictness": "ask", "brevity": "full", "areas": ["kitchen"]}


@pytest.mark.usefixtures("agent")
async def test_there_is_only_one_entry(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init("intendant", context=USER)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "single_instance_allowed")


@pytest.mark.usefixtures("agent")
async def test_another_bundle_takes_the_place_of_the_bundled_one(
    hass: HomeAssistant, entry: MockConfigEntry, loader: FakeLoader
) -> None:
    loader.broken["bad"] = BundleCorrupt("bad")
    form = await entry.start_reconfigure_flow(hass)
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {"bundle": "bad"})
    assert form["errors"] == {"base": "bundle_corrupt"}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"bundle": "intendant/ours"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert str(loader.loaded[-1]) == hass.config.path("intendant/ours")
    form = await entry.start_reconfigure_flow(hass)
    await hass.config_entries.flow.async_configure(form["flow_id"], {})
    await hass.async_block_till_done()
    assert (loader.loaded[-1].name, dict(entry.data)) == ("default", {})


@pytest.mark.usefixtures("agent")
async def test_a_second_agent_can_be_added_and_changed(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    subentries = hass.config_entries.subentries
    form = await subentries.async_init((entry.entry_id, "conversation"), context=USER)
    result = await subentries.async_configure(form["flow_id"], {"name": "Nursery", "areas": ["hall"]})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert hass.states.get("conversation.nursery")
    subentry = next(each for each in entry.subentries.values() if each.title == "Nursery")
    form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert form["step_id"] == "reconfigure"
    result = await subentries.async_configure(form["flow_id"], {"strictness": "ask"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert entry.subentries[subentry.subentry_id].data == {"strictness": "ask", "brevity": "full"}


@pytest.mark.usefixtures("agent")
async def test_agents_need_a_running_entry(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    result = await hass.config_entries.subentries.async_init((entry.entry_id, "conversation"), context=USER)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entry_not_loaded")
