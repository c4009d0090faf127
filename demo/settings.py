"""Where the demo keeps things, and what it remembers between calls."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIGS = ROOT / "demo/config"
HOME = ROOT / "demo/homes/larsens.yaml"
USER, PASSWORD = "demo", "demo-intendant"
PORT = 8123
LANGUAGES = {"en": "en", "zh": "zh-CN"}


class DemoError(Exception):
    """Something a person has to know, in one sentence."""


@dataclass
class Settings:
    """One home's Home Assistant: its folder, its port, and the token to talk to it."""

    home: Path
    port: int = PORT
    token: str = ""
    process: int = 0

    @property
    def config(self) -> Path:
        """Return Home Assistant's configuration folder."""
        return CONFIGS / self.home.stem

    @property
    def url(self) -> str:
        """Return where Home Assistant listens."""
        return f"http://127.0.0.1:{self.port}"

    def save(self) -> None:
        """Remember everything; the token is for nobody else."""
        self.config.mkdir(parents=True, exist_ok=True)
        path = self.config / "demo.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps({**asdict(self), "home": str(self.home)}))


def recall(home: Path) -> Settings:
    """Return what is known of that home's Home Assistant."""
    if not home.is_file():
        raise DemoError(f"There is no file {home}.")
    settings = Settings(home.resolve())
    path = settings.config / "demo.json"
    if path.exists():
        known = json.loads(path.read_text())
        settings.port, settings.token, settings.process = known["port"], known["token"], known["process"]
    return settings


def all_known() -> list[Settings]:
    """Return every Home Assistant that the demo ever started here."""
    found = []
    for path in sorted(CONFIGS.glob("*/demo.json")):
        known = json.loads(path.read_text())
        found.append(Settings(Path(known["home"]), known["port"], known["token"], known["process"]))
    return found
