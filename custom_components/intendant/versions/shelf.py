"""The bundles that are kept: their folders below <config>/intendant/bundles, and a small index of what is known of them.

Each version's folder is written under another name first and then renamed, so that what has its name is whole. The bundle
that comes along ("default") and the folder that the user named ("own") are versions too, and are never deleted from here.
"""

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DEFAULT_BUNDLE, DOMAIN
from .verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from homeassistant.core import HomeAssistant

DEFAULT, OWN = "default", "own"
STORE_KEY: Final = f"{DOMAIN}.versions"
STORE_VERSION: Final = 1
KEPT: Final = 5
"""Versions of the household's own that are kept."""
_MOST_REFUSED: Final = 10
_MOST_BEFORE: Final = 10
_UNFINISHED: Final = ".new-"


@dataclass(frozen=True, slots=True)
class Version:
    """A bundle that was sent in: what is known of it, whether or not it is still there."""

    version: str
    hash: str
    """Start of the SHA-256 of its weights."""
    made: str
    """When it came, in UTC (ISO 8601)."""
    scores: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    refused: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it for the disk."""
        return {
            "version": self.version,
            "hash": self.hash,
            "made": self.made,
            "scores": self.scores,
            "findings": [finding.as_dict() for finding in self.findings],
            "refused": self.refused,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """Return what as_dict wrote."""
        findings = tuple(map(Finding.from_dict, plain["findings"]))
        return cls(plain["version"], plain["hash"], plain["made"], plain["scores"], findings, plain["refused"])


@dataclass(slots=True)
class Index:
    """What is in service, what was before, what reads along, and every version there is or was."""

    versions: dict[str, Version] = field(default_factory=dict)
    in_service: str = DEFAULT
    before: list[str] = field(default_factory=list)
    """What was in service before, the latest last."""
    shadow: str | None = None
    changed: str | None = None
    """When what is in service was last changed, in UTC (ISO 8601); nothing while there is nothing to watch."""
    replaced: str = ""
    """Start of the SHA-256 of the weights that were in service until then."""
    looks: int = 0
    """How often corrections have been compared since then (see watch.py)."""
    chosen: str | None = None
    """The folder that the user had named when this was written: who names another one wants that one."""

    def as_dict(self) -> dict[str, Any]:
        """Return it for the disk."""
        return {
            "versions": [version.as_dict() for version in self.versions.values()],
            "in_service": self.in_service,
            "before": self.before,
            "shadow": self.shadow,
            "changed": self.changed,
            "replaced": self.replaced,
            "looks": self.looks,
            "chosen": self.chosen,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """Return what as_dict wrote."""
        versions = {raw["version"]: Version.from_dict(raw) for raw in plain["versions"]}
        return cls(**{**plain, "versions": versions})


class Shelf:
    """Folders and index. Whoever changes the index saves it."""

    def __init__(self, hass: HomeAssistant, chosen: str | None) -> None:
        """Prepare; `chosen` is the folder that the user named, relative to the configuration."""
        self._hass = hass
        self._chosen = chosen
        self._store: Store[dict[str, Any]] = Store(hass, STORE_VERSION, STORE_KEY, atomic_writes=True)
        self.folder = Path(hass.config.path(DOMAIN, "bundles"))
        self.index = Index(in_service=self.base, chosen=chosen)

    @property
    def base(self) -> str:
        """Return the version that needs no upload: the user's own folder, else what comes along."""
        return OWN if self._chosen else DEFAULT

    async def async_load(self) -> None:
        """Read the index, and clear away what was never finished."""
        if stored := await self._store.async_load():
            self.index = Index.from_dict(stored)
        there = await self._hass.async_add_executor_job(self._tidy)
        index = self.index
        if index.chosen != self._chosen or not self._is_usable(index.in_service, there):
            # A user who names another folder, or deletes one, means it.
            index.in_service, index.chosen, index.changed, index.looks = self.base, self._chosen, None, 0
        index.before = [version for version in index.before if self._is_usable(version, there)]
        if index.shadow and not self._is_usable(index.shadow, there):
            index.shadow = None
        gone = [version.version for version in index.versions.values() if not version.refused]
        for version in set(gone) - there:
            del index.versions[version]

    def _tidy(self) -> set[str]:
        """Delete what was never finished; return the folders that are there. Blocks."""
        if not self.folder.is_dir():
            return set()
        for path in self.folder.iterdir():
            if path.name.startswith(_UNFINISHED):
                shutil.rmtree(path, ignore_errors=True)
        return {path.name for path in self.folder.iterdir() if path.is_dir()}

    def _is_usable(self, version: str, there: Iterable[str]) -> bool:
        if version == OWN:
            return self._chosen is not None
        known = self.index.versions.get(version)
        return version == DEFAULT or (known is not None and not known.refused and version in there)

    def path(self, version: str) -> Path:
        """Return the folder of a version."""
        if version == OWN and self._chosen:
            return Path(self._hass.config.path(self._chosen))
        return DEFAULT_BUNDLE if version in (DEFAULT, OWN) else self.folder / version

    def holds(self, version: str) -> bool:
        """Return whether a version can be put in service."""
        known = self.index.versions.get(version)
        return version == DEFAULT or (version == OWN and self._chosen is not None) or bool(known and not known.refused)

    def unfinished(self, name: str) -> Path:
        """Return the folder in which a version is unpacked; whoever unpacks it makes it."""
        return self.folder / f"{_UNFINISHED}{name}"

    async def async_save(self) -> None:
        """Write the index."""
        await self._store.async_save(self.index.as_dict())

    async def async_keep(self, version: Version, unpacked: Path) -> None:
        """Give a version its place, and let the oldest go that nobody needs."""

        def place() -> None:
            shutil.rmtree(self.folder / version.version, ignore_errors=True)
            unpacked.rename(self.folder / version.version)

        await self._hass.async_add_executor_job(place)
        self.index.versions.pop(version.version, None)
        self.index.versions[version.version] = version
        await self._async_bound()
        await self.async_save()

    async def async_refuse(self, version: Version, unpacked: Path) -> None:
        """Delete the files of a version that is not wanted, and remember why."""
        await self._hass.async_add_executor_job(shutil.rmtree, unpacked, True)  # noqa: FBT003 - it takes no names
        self.index.versions.pop(version.version, None)
        self.index.versions[version.version] = replace(version, refused=True)
        refused = [known.version for known in self.index.versions.values() if known.refused]
        for old in refused[:-_MOST_REFUSED]:
            del self.index.versions[old]
        await self.async_save()

    async def _async_bound(self) -> None:
        index = self.index
        needed = {index.in_service, index.shadow, *index.before[-1:]}
        kept = [known.version for known in index.versions.values() if not known.refused]
        spare = [version for version in kept[:-1] if version not in needed]
        for version in spare[: max(len(kept) - KEPT, 0)]:
            del index.versions[version]
            index.before = [before for before in index.before if before != version]
            await self._hass.async_add_executor_job(shutil.rmtree, self.folder / version, True)  # noqa: FBT003 - it takes no names

    def note(self, version: str, *findings: Finding) -> None:
        """Add to what is known of a version."""
        if known := self.index.versions.get(version):
            self.index.versions[version] = replace(known, findings=(*findings, *known.findings)[:20])

    def put_in_service(self, version: str) -> None:
        """Note that a version was put in service in place of another."""
        index = self.index
        if index.in_service != version:
            index.before = [*(old for old in index.before if old != version), index.in_service][-_MOST_BEFORE:]
        self._serve(version)

    def put_back(self, version: str) -> None:
        """Note that a version was put in service again in place of one that came later."""
        self.index.before = [old for old in self.index.before if old != version]
        self._serve(version)

    def _serve(self, version: str) -> None:
        index = self.index
        index.in_service, index.chosen = version, self._chosen
        index.changed, index.replaced, index.looks = None, "", 0
        if index.shadow == version:
            index.shadow = None

    def watch(self, replaced: str) -> None:
        """Note that what is in service was just changed, and what it replaced (a hash)."""
        self.index.changed, self.index.replaced = dt_util.utcnow().isoformat(), replaced

    @property
    def before(self) -> str:
        """Return the version to go back to."""
        return self.index.before[-1] if self.index.before else DEFAULT

    @property
    def changed(self) -> datetime | None:
        """Return when what is in service was last changed, while that is watched."""
        return dt_util.parse_datetime(self.index.changed) if self.index.changed else None

    async def async_remove(self) -> None:
        """Delete the index and every version that was sent in."""
        await self.async_load()
        folders = [self.folder / version for version in self.index.versions]

        def remove() -> None:
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)

        await self._hass.async_add_executor_job(remove)
        await self._store.async_remove()


async def async_use_default(hass: HomeAssistant, chosen: str | None) -> None:
    """Note that the bundle that comes along shall be in service from the next start on; `chosen` as for Shelf."""
    shelf = Shelf(hass, chosen)
    await shelf.async_load()
    shelf.put_in_service(DEFAULT)
    shelf.index.chosen = None
    await shelf.async_save()
