"""Repairing a bundle that cannot be used."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.setup import async_setup_component

from custom_components.intendant.core.errors import BundleCorrupt, BundleMismatch, BundleMissing

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import issue_registry as ir
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .fakes import FakeLoader


async def start(hass: HomeAssistant, issue: str) -> tuple[Any, Any]:
    assert await async_setup_component(hass, "repairs", {})
    await hass.async_block_till_done()
    manager = repairs_flow_manager(hass)
    assert manager is not None
    return manager, await manager.async_init("intendant", context={"issue_id": issue})


@pytest.mark.parametrize(
    ("error", "issue"),
    [(BundleMissing, "bundle_missing"), (BundleCorrupt, "bundle_corrupt"), (BundleMismatch, "bundle_mismatch")],
)
async def test_trying_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    loader: FakeLoader,
    issue_registry: ir.IssueRegistry,
    error: type[Exception],
    issue: str,
) -> None:
    loader.broken["default"] = error("bad")
    await hass.config_entries.async_setup(entry.entry_id)
    assert [found for _, found in issue_registry.issues] == [issue]
    manager, menu = await start(hass, issue)
    assert menu["menu_options"] == ["retry"]
    result = await manager.async_configure(menu["flow_id"], {"next_step_id": "retry"})
    assert (result["type"], result["reason"]) == ("abort", "still_bad")
    loader.broken.clear()
    menu = await manager.async_init("intendant", context={"issue_id": issue})
    result = await manager.async_configure(menu["flow_id"], {"next_step_id": "retry"})
    assert result["type"] == "create_entry"
    assert entry.state is ConfigEntryState.LOADED
    assert not issue_registry.issues


async def test_going_back_to_the_bundled_one(
    hass: HomeAssistant, entry: MockConfigEntry, loader: FakeLoader, issue_registry: ir.IssueRegistry
) -> None:
    loader.broken["ours"] = BundleMismatch("bad")
    hass.config_entries.async_update_entry(entry, data={"bundle": "intendant/ours"})
    await hass.config_entries.async_setup(entry.entry_id)
    manager, menu = await start(hass, "bundle_mismatch")
    assert menu["menu_options"] == ["retry", "use_bundled"]
    result = await manager.async_configure(menu["flow_id"], {"next_step_id": "use_bundled"})
    await hass.async_block_till_done()
    assert result["type"] == "create_entry"
    assert "bundle" not in entry.data
    assert entry.state is ConfigEntryState.LOADED
    assert not issue_registry.issues
