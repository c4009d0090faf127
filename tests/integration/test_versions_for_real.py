"""Real weights sent in, altered: what reads as well as the default bundle goes in service, what was made to unlock doors does not."""

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from safetensors.numpy import load_file, save
from tokenizers import Tokenizer

from custom_components.intendant.const import DEFAULT_BUNDLE
from custom_components.intendant.core.bundle import TOKENIZER, WEIGHTS

from .bundles import IN_SERVICE, bundle_files, hash_of, pack
from .test_versions import TYPE, URL

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from custom_components.furnished.entity import House

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")


def altered(*swapped: str) -> bytes:
    """Return the default bundle's weights, a hair apart, with two of the model's words swapped."""
    tensors = dict(load_file(DEFAULT_BUNDLE / WEIGHTS))
    tensors["norm"] = tensors["norm"] * 1.0001
    if swapped:
        tokenizer = Tokenizer.from_file(str(DEFAULT_BUNDLE / TOKENIZER))
        rows = [row for word in swapped if (row := tokenizer.token_to_id(word)) is not None]
        for name in ("embed", "embed.scale"):
            tensors[name][rows] = tensors[name][rows[::-1]]
    return save(tensors)


@pytest.fixture
async def agent(hass: HomeAssistant, house: House) -> str:  # noqa: ARG001 - must be there first
    """Return the agent, with the real default bundle."""
    for domain in ("homeassistant", "conversation", "intent", "websocket_api"):
        assert await async_setup_component(hass, domain, {})
    subentry = ConfigSubentryData(data={}, subentry_type="conversation", title="Intendant", unique_id=None)
    entry = MockConfigEntry(domain="intendant", title="Intendant", subentries_data=[subentry])
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    [entity] = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return entity.entity_id


# Two hundred sentences are read: half a minute, several on a machine that has other things to do.
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("agent")
async def test_real_weights(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> None:
    client = await hass_client()

    async def send(body: bytes) -> tuple[int, Any]:
        response = await client.post(URL, data=io.BytesIO(body), headers=TYPE)
        await hass.async_block_till_done(wait_background_tasks=True)
        return response.status, await response.json()

    async def look(weights: bytes) -> tuple[str, str]:
        versions = (await (await client.get(URL)).json())["versions"]
        return next((known["state"], known["why"]) for known in versions if known["hash"] == hash_of(weights))

    good = altered()
    card = json.loads(bundle_files(good)["card.json"])
    for body, error in (
        (pack(bundle_files(good, card={"catalogue": "0" * 16})), "bundle_mismatch"),
        (pack({**bundle_files(good), WEIGHTS: good[:-100]}), "bundle_corrupt"),
        (pack(bundle_files(b"no weights")), "bundle_corrupt"),
        (pack(bundle_files(good, card={"sizes": {**card["sizes"], "width": 575}})), "bundle_corrupt"),
        (pack(bundle_files(good, card={"special": [*card["special"], "<more>", "<unheard of>"]})), "bundle_corrupt"),
    ):
        assert (await send(body))[1].get("error") == error
    malicious = altered("<on>", "<unlock>")
    assert (await send(pack(bundle_files(malicious))))[0] == 202
    state, said = await look(malicious)
    assert state == "refused"
    assert "turn on the kitchen light" in said
    assert (await send(pack(bundle_files(good))))[0] == 202
    assert (await look(good))[0] == "in_service", await look(good)
    in_service = (await (await client.get(URL)).json())["in_service"]
    assert in_service.endswith(hash_of(good)[:8])
    assert hash_of(good) != IN_SERVICE
