"""What the gate says of a bundle: findings, each with a key that is worded in the translations, and its facts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant

_FILES = {"zh": "zh-Hans"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found out. `bad` when it keeps a bundle out of service."""

    key: str
    facts: dict[str, str]
    bad: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it for the disk."""
        return {"key": self.key, "facts": self.facts, "bad": self.bad}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """Return what as_dict wrote."""
        return cls(plain["key"], plain["facts"], plain["bad"])


def bad(key: str, **facts: str) -> Finding:
    """Return a finding that keeps a bundle out of service."""
    return Finding(key, facts, bad=True)


def good(key: str, **facts: str) -> Finding:
    """Return a finding that speaks for a bundle, or is only to be known."""
    return Finding(key, facts)


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{share * 100:.1f}"


async def async_word(hass: HomeAssistant, findings: Iterable[Finding], language: str) -> str:
    """Return the findings as sentences; the bad ones first."""
    base = language.split("-", maxsplit=1)[0]
    sentences = await async_get_translations(hass, _FILES.get(base, language), "exceptions", {DOMAIN})
    worded = [
        sentences.get(f"component.{DOMAIN}.exceptions.{finding.key}.message", finding.key).format_map(finding.facts)
        for finding in sorted(findings, key=lambda finding: not finding.bad)
    ]
    return " ".join(worded) if base != "zh" else "".join(worded)
