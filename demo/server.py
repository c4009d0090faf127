"""Start Home Assistant, wait for it, stop it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from .settings import ROOT, DemoError, Settings

FIRST_START = 300
GIVE_UP_STOPPING = 30

CONFIGURATION = """\
# Written by scripts/demo at every start.
homeassistant:
  name: {name}
  unit_system: metric
  latitude: 55.68
  longitude: 12.57
  elevation: 10
  time_zone: Europe/Copenhagen
  currency: EUR
  country: DK
  language: {language}
api:
websocket_api:
conversation:
assist_pipeline:
sun:
logger:
  default: warning
furnished:
  home: {home}
"""


def running(settings: Settings) -> bool:
    """Return whether the process that the demo started is still there and is Home Assistant."""
    command = Path(f"/proc/{settings.process}/cmdline")
    try:
        if command.parent.parent.exists():
            return str(settings.config).encode() in command.read_bytes()
        os.kill(settings.process, 0)
    except OSError:
        return False
    return settings.process > 0


def start(settings: Settings, name: str, language: str) -> None:
    """Write the configuration and start Home Assistant in the background."""
    if _taken(settings.port):
        raise DemoError(
            f"Port {settings.port} is taken by another program. Stop that, or choose another port: "
            f"scripts/demo --port {settings.port + 1}"
        )
    _write(settings, name, language)
    with (settings.config / "output.log").open("w", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, "-m", "homeassistant", "--config", str(settings.config)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=settings.config,
            # What is installed for it alone, it finds there: ffmpeg.
            env={**os.environ, "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"},
            start_new_session=True,
        )
    settings.process = process.pid
    settings.save()
    _wait(settings, process)


def stop(settings: Settings) -> bool:
    """Stop Home Assistant; return whether it ran."""
    if not running(settings):
        return False
    os.kill(settings.process, signal.SIGTERM)
    for _ in range(GIVE_UP_STOPPING * 10):
        if not running(settings):
            return True
        time.sleep(0.1)
    os.kill(settings.process, signal.SIGKILL)
    return True


def _taken(port: int) -> bool:
    """Return whether somebody listens on that port already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _write(settings: Settings, name: str, language: str) -> None:
    """Write the configuration and put the two integrations in place."""
    config = settings.config
    components, storage = config / "custom_components", config / ".storage"
    components.mkdir(parents=True, exist_ok=True)
    storage.mkdir(exist_ok=True)
    (components / "__init__.py").touch()
    for source in (ROOT / "demo/custom_components/furnished", ROOT / "custom_components/intendant"):
        link = components / source.name
        link.unlink(missing_ok=True)
        link.symlink_to(source)
    (config / "configuration.yaml").write_text(
        CONFIGURATION.format(name=json.dumps(name), language=language, home=json.dumps(str(settings.home))),
        encoding="utf-8",
    )
    # A port in YAML would have to be confirmed in the browser within five minutes.
    port = {"version": 1, "minor_version": 1, "key": "http", "data": {"server_port": settings.port}}
    (storage / "http").write_text(json.dumps(port))


def _wait(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    """Wait until Home Assistant answers, and show that time passes."""
    began = time.monotonic()
    while not _answers(settings.url):
        seconds = time.monotonic() - began
        if process.poll() is not None or seconds > FIRST_START:
            raise DemoError(f"Home Assistant did not start:\n{_last_lines(settings.config / 'output.log')}")
        _progress(f"Starting Home Assistant ... {seconds:.0f} s")
        time.sleep(0.5)
    _progress(f"Home Assistant runs after {time.monotonic() - began:.0f} s.\n")


def _answers(url: str) -> bool:
    """Return whether Home Assistant serves pages yet."""
    try:
        with urllib.request.urlopen(f"{url}/manifest.json", timeout=2) as page:  # noqa: S310 (our own address)
            return bool(page.status == 200)
    except URLError, OSError:
        return False


def _progress(text: str) -> None:
    """Show one line, in place on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}")
    elif text.endswith("\n"):
        sys.stderr.write(text)
    sys.stderr.flush()


def _last_lines(path: Path) -> str:
    """Return the end of a log."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
