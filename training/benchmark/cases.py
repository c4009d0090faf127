"""Read case files (CASES.md) and find the homes they speak of."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
CASES, DIALOGUES = HERE / "cases", HERE / "dialogues"
HOMES = (HERE / "homes", HERE.parents[1] / "demo/homes")
LEVELS = ("easy", "natural", "hard")


class CaseError(ValueError):
    """A case file cannot be read."""


@dataclass(frozen=True)
class Case:
    """One sentence, and what should come of it."""

    home: str
    language: str
    number: int
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """Return where the case stands: file, number, sentence."""
        return f"{self.home}.{self.language} #{self.number}: {self.data.get('say')}"


def turns_of(case: Case) -> list[Case]:
    """Return the turns of a conversation as cases of their own, each with what was said before; a single sentence is its only turn."""
    shared = {key: value for key, value in case.data.items() if key != "turns"}
    said: list[str] = []
    found = []
    for turn in case.data.get("turns") or [case.data]:
        earlier = {"earlier": list(said)} if said else {}
        found.append(replace(case, data={**shared, **earlier, **turn} if "turns" in case.data else case.data))
        said.append(turn["say"])
    return found


def load_cases(paths: Iterable[Path]) -> dict[str, list[Case]]:
    """Return the cases of all files by home."""
    by_home: dict[str, list[Case]] = {}
    for path in paths:
        home, _, language = path.stem.partition(".")
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        if not language or not isinstance(entries, list):
            message = f"{path}: not a list of cases in a file named <home>.<language>.yaml"
            raise CaseError(message)
        by_home.setdefault(home, []).extend(
            Case(home, language, number, _plain(entry)) for number, entry in enumerate(entries, 1)
        )
    return by_home


def find_home(name: str) -> Path:
    """Return the file of a home."""
    for folder in HOMES:
        if (folder / f"{name}.yaml").exists():
            return folder / f"{name}.yaml"
    message = f"no home {name} in {', '.join(str(folder) for folder in HOMES)}"
    raise CaseError(message)


def effects(data: dict[str, Any]) -> list[dict[str, dict[str, Any]]]:
    """Return the effects of which one must hold at once; a case that expects none has one empty effect."""
    if "either" in data:
        return [effect(entry) for entry in data["either"]]
    return [effect(data.get("expect"))]


def effect(entry: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return one effect with every value as a mapping of keys."""
    return {entity: value if isinstance(value, dict) else {"state": value} for entity, value in (entry or {}).items()}


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry with `on` and `off` as words wherever YAML made truth values of states."""
    plain: dict[str, Any] = {}
    for key, value in entry.items():
        if key in ("expect", "confirm", "before"):
            plain[key] = _words(value)
        elif key == "either":
            plain[key] = [_words(one) for one in value]
        elif key == "turns":
            plain[key] = [_plain(turn) for turn in value]
        elif key == "later":
            plain[key] = {**value, "expect": _words(value.get("expect") or {})}
        else:
            plain[key] = value
    return plain


def _words(entry: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for entity, value in (entry or {}).items():
        if isinstance(value, dict):
            words[entity] = {key: _word(part) if key == "state" else part for key, part in value.items()}
        else:
            words[entity] = _word(value)
    return words


def _word(value: object) -> object:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value
