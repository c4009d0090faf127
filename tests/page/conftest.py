"""A real Chromium before a real Home Assistant. Both must be there: `scripts/setup page`, and a Chromium of the machine's own."""

import os
import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from .planting import answers, turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from .instance import Instance, Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")


def pytest_configure(config: pytest.Config) -> None:
    """Home Assistant goes on running when the demo has started it."""
    config.addinivalue_line("filterwarnings", "ignore:subprocess:ResourceWarning")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the machine's own browser; skip the tests where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium here: install one, or name it in CHROMIUM")
    pytest.importorskip("hass_frontend", reason="Home Assistant has no frontend here: scripts/setup page")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here: scripts/setup page")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def instance(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:  # noqa: ARG001 - no browser, no Home Assistant
    """Return a Home Assistant, started for all tests."""
    from .instance import started  # noqa: PLC0415 - where it is installed

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with started(tmp_path_factory.mktemp("page"), port) as instance:
        yield instance


@pytest.fixture
def planted(instance: Instance) -> Instance:
    """Return the Home Assistant with the planted turns in its journal, and nothing else."""
    instance.ask("intendant/journal/allow", allowed=True, days=90, turns=100_000)
    instance.ask("intendant/journal/delete", all=True)
    instance.ask("intendant/phrases/forget", all=True)
    instance.ask("planted/turns", turns=turns())
    instance.ask("planted/answers", answers=answers())
    return instance


@pytest.fixture
def admin(planted: Instance, chromium: Browser) -> Iterator[Visitor]:
    """Return an administrator."""
    from .instance import Visitor  # noqa: PLC0415 - where it is installed

    with Visitor(planted, chromium, planted.settings.token) as visitor:
        yield visitor


@pytest.fixture
def guest(planted: Instance, chromium: Browser) -> Iterator[Visitor]:
    """Return a user who is no administrator."""
    from .instance import Visitor, elsewhere, sign_in  # noqa: PLC0415 - where it is installed

    with Visitor(planted, chromium, elsewhere(sign_in(planted))) as visitor:
        yield visitor
