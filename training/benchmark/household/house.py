"""A Home Assistant for the household that can be stopped and started again, with what Intendant keeps taken along."""

import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

# Before all of Home Assistant: its clock can not be stopped otherwise.
from pytest_homeassistant_custom_component import patch_time  # noqa: F401

from training.benchmark.hass import Running, find_agent, running_home  # isort: skip

from aiohttp.test_utils import TestClient, TestServer
from freezegun import freeze_time
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.components.websocket_api.const import URL as WEBSOCKET
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Context
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from training.benchmark.collect import Collector

from .weeks import HOME, MONDAY, ZONE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from freezegun.api import TickingDateTimeFactory
    from homeassistant.auth.models import User

OWN = ("intendant", ".storage/intendant.*")
"""What Intendant keeps below the configuration folder; everything else is made anew."""
DEFAULT = "default"
_ENTRY, _AGENT = "household", "householdagent"
_CLIENT = "https://household.example/"
_SETTLED = timedelta(seconds=6)
"""Time after which a state written has nothing to do any more with who wrote the one before (Home Assistant: 5)."""


class PageError(Exception):
    """A command of the page was refused."""


def stopped_clock() -> Any:  # noqa: ANN401 - the library names no type
    """Return a context manager in which the clock stands where it is put, and goes on from there."""
    return freeze_time(MONDAY.astimezone(dt_util.UTC).replace(tzinfo=None), tick=True, real_asyncio=True)


@dataclass(frozen=True, slots=True)
class Page:
    """Intendant's page, opened by an administrator anew for each command of the websocket API: nobody sits before it for hours."""

    client: Any
    token: str

    async def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its result. Raise PageError when it is refused."""
        async with self.client.ws_connect(WEBSOCKET) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": f"intendant/{command}", **fields})
            answer = await socket.receive_json()
        if not answer["success"]:
            raise PageError(f"{command}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result


@dataclass(slots=True)
class Lived:
    """The home as it runs: where to speak, the page, the people's accounts, the clock."""

    running: Running
    collector: Collector
    page: Page
    url: str
    token: str
    users: dict[str, User]
    clock: TickingDateTimeFactory

    @property
    def hass(self) -> Any:  # noqa: ANN401 - Home Assistant
        """Return Home Assistant."""
        return self.running.hass

    def by(self, who: str) -> Context:
        """Return the context of what somebody does by hand."""
        return Context(user_id=self.users[who].id)

    async def wait_until(self, at: datetime) -> None:
        """Let everything happen that is due until then, and set the clock; a moment that is past is no reason to wait."""
        if at <= dt_util.utcnow():
            return
        async_fire_time_changed(self.hass, at)
        self.clock.move_to(at.astimezone(dt_util.UTC).replace(tzinfo=None))
        await self.hass.async_block_till_done()

    async def put_back(self, before: Mapping[str, Any], at: datetime) -> None:
        """Put the home back, and wait for the moment of a turn. Nobody's hands do it: the journal must not take it for that."""
        for entity in self.running.house.entities.values():
            entity.async_set_context(Context(parent_id=_ENTRY))
        await self.collector.reset(dict(before))
        await self.wait_until(max(at, dt_util.utcnow() + _SETTLED))
        # What Home Assistant itself does every so often is not for the next turn to bring to an end.
        self.collector.known_handles = set(get_scheduled_timer_handles(self.hass.loop))


@asynccontextmanager
async def lived_in(
    config: Path, clock: TickingDateTimeFactory, at: datetime, people: tuple[str, ...], *, journal: bool
) -> AsyncIterator[Lived]:
    """Start the household's Home Assistant on that configuration folder; stop it at the end."""
    clock.move_to(at.astimezone(dt_util.UTC).replace(tzinfo=None))
    keep_own(config)
    async with running_home(HOME, config) as running:
        hass = running.hass
        await hass.config.async_set_time_zone(ZONE.key)
        kept = {"journal": {"allowed": True, "days": 90, "turns": 100_000}} if journal else {}
        await async_setup_component(hass, "websocket_api", {})
        agent = ConfigSubentryDataWithId(
            data={}, subentry_type="conversation", title="Intendant", unique_id=None, subentry_id=_AGENT
        )
        entry = MockConfigEntry(
            domain="intendant", title="Intendant", entry_id=_ENTRY, options=kept, subentries_data=[agent]
        )
        entry.add_to_hass(hass)
        if not await hass.config_entries.async_setup(entry.entry_id):
            raise RuntimeError(f"Intendant does not start: {entry.reason}")
        await hass.async_block_till_done()
        collector = Collector(running, "intendant", await find_agent(running, "intendant"))
        users = {who: await hass.auth.async_create_user(who, group_ids=[GROUP_ID_ADMIN]) for who in people}
        refresh = await hass.auth.async_create_refresh_token(
            users[people[0]],
            client_name=_CLIENT,
            token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
            # It has to outlive the weeks that pass meanwhile.
            access_token_expiration=timedelta(days=365),
        )
        token = hass.auth.async_create_access_token(refresh)
        async with TestClient(TestServer(hass.http.app)) as client:
            url = str(client.make_url("")).rstrip("/")
            yield Lived(running, collector, Page(client, token), url, token, users, clock)


def keep_own(config: Path) -> None:
    """Clear a configuration folder of everything but what Intendant keeps."""
    config.mkdir(parents=True, exist_ok=True)
    own = {path for pattern in OWN for path in config.glob(pattern)}
    for path in [*config.iterdir(), *config.glob(".storage/*")]:
        if path not in own and path.name != ".storage":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def take_over(source: Path, target: Path) -> None:
    """Copy what Intendant keeps into another folder, whole or not at all; what was there goes."""
    unfinished = target.with_name(f"{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for pattern in OWN:
        for path in source.glob(pattern):
            copy = unfinished / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(path, copy) if path.is_dir() else shutil.copy2(path, copy)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def folder_of(config: Path, version: str, default: Path) -> Path:
    """Return where a version's files lie."""
    return default if version == DEFAULT else config / "intendant/bundles" / version
