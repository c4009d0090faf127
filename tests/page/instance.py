"""The Home Assistant that the tests look at, and who looks at it."""

import asyncio
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, override

import aiohttp
import pytest

from demo import server
from demo.furniture import load_home
from demo.link import Link, linked
from demo.onboard import add_intendant, onboard
from demo.settings import HOME, ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

LONG = 10**12


class PageSettings(Settings):
    """The demo's settings in a folder of the test's own, that of the home's file."""

    @property
    @override
    def config(self) -> Path:
        """Return Home Assistant's configuration folder."""
        return self.home.parent


@dataclass
class Instance:
    """A running Home Assistant with Intendant."""

    settings: PageSettings

    def ask(self, kind: str, **data: Any) -> Any:  # noqa: ANN401 (every command answers something else)
        """Return the answer to a command of the administrator's."""

        async def ask() -> Any:  # noqa: ANN401
            async with linked(self.settings.url, self.settings.token) as link:
                return await link.ask(kind, **data)

        return elsewhere(ask())

    def kept(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return what the journal holds."""
        answer: dict[str, Any] = self.ask("intendant/journal/list", **wanted)
        return list(answer["turns"])


def elsewhere(coroutine: Any) -> Any:  # noqa: ANN401
    """Run a coroutine in a thread: playwright has this one's loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@contextmanager
def started(folder: Path, port: int) -> Iterator[Instance]:
    """Start a Home Assistant in a folder, and stop it in the end."""
    settings = PageSettings(Path(shutil.copy(HOME, folder)), port)
    components = settings.config / "custom_components"
    components.mkdir()
    (components / "planted").symlink_to(ROOT / "tests/page/custom_components/planted")
    home = load_home(settings.home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "CONFIGURATION", f"{server.CONFIGURATION}planted:\n")
        server.start(settings, home.name, "en")
    try:
        elsewhere(onboard(settings, "en", [area.id for area in home.areas]))
        assert elsewhere(add_intendant(settings))
        yield Instance(settings)
    finally:
        server.stop(settings)


@dataclass
class Visitor:
    """Somebody who is signed in, with a browser of his or her own."""

    instance: Instance
    browser: Browser
    token: str
    contexts: list[BrowserContext] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for context in self.contexts:
            context.close()

    def open(self, part: str = "", *, language: str | None = None, **device: Any) -> Page:
        """Open the page, as a device of a certain kind shows it."""
        url = self.instance.settings.url
        tokens = {"access_token": self.token, "token_type": "Bearer", "expires_in": LONG, "refresh_token": ""}
        stored = {"hassTokens": {**tokens, "hassUrl": url, "clientId": f"{url}/", "expires": LONG * 10}}
        if language:
            stored["selectedLanguage"] = language
        lines = [f"localStorage.setItem({json.dumps(k)}, {json.dumps(json.dumps(v))})" for k, v in stored.items()]
        context = self.browser.new_context(**device)
        self.contexts.append(context)
        context.add_init_script("\n".join(lines))
        page = context.new_page()
        page.goto(f"{url}/intendant{part and '/'}{part}")
        return page


async def sign_in(instance: Instance) -> str:
    """Make a user who is no administrator, if there is none, and return an access token."""
    settings = instance.settings
    url, client, name, secret = settings.url, f"{settings.url}/", "guest", "guest-intendant"
    async with linked(url, settings.token) as link:
        if not any(user["username"] == name for user in await link.ask("config/auth/list")):
            made = await link.ask("config/auth/create", name="Guest", group_ids=["system-users"])
            account = {"user_id": made["user"]["id"], "username": name, "password": secret}
            await link.ask("config/auth_provider/homeassistant/create", **account)
    async with aiohttp.ClientSession() as session:
        link = Link(url, "", session)
        flow = {"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client}
        begun = await link.post("/auth/login_flow", flow)
        answer = {"client_id": client, "username": name, "password": secret}
        code = (await link.post(f"/auth/login_flow/{begun['flow_id']}", answer))["result"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": client}
        async with session.post(f"{url}/auth/token", data=form) as response:
            return str((await response.json())["access_token"])
