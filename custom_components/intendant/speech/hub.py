"""Fetch weights by their content: from the hub that publishes them, otherwise from a folder of the user's own.

A file gets its name only after its SHA-256 was checked, so what is there is right, and is never asked for again. What was
half fetched when Home Assistant stopped goes on where it stopped.

The hub's API: https://huggingface.co/docs/hub/api
"""

import hashlib
import shutil
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from aiohttp import ClientError, ClientTimeout
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import DOMAIN
from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant

HUB: Final = "https://huggingface.co"
KNOWN: Final = {
    ("Systran/faster-whisper-base", "model.bin"): "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ("Systran/faster-whisper-small", "model.bin"): "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671",
    ("rhasspy/piper-voices", "en/en_US/lessac/medium/en_US-lessac-medium.onnx"): "5efe09e69902187827af646e1a6e9d269dee769f9877d17b16b1b46eeaaf019f",
    ("rhasspy/piper-voices", "en/en_US/joe/medium/en_US-joe-medium.onnx"): "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
}  # fmt: skip
"""Repository and file → SHA-256 of the content that is meant. Of all others, the hub's word is taken."""
_ASKING: Final = ClientTimeout(total=30)
_FETCHING: Final = ClientTimeout(total=None, connect=10, sock_read=30)
_PART: Final = 1 << 20
_SPARE: Final = 200 << 20
"""Bytes that stay free on the disk."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Files of one repository of the hub that belong together."""

    repository: str
    files: tuple[str, ...]
    may_be: tuple[str, ...] = ()
    """Files that not every repository of the kind has."""

    def folder(self, hass: HomeAssistant) -> Path:
        """Return where they lie once they are fetched: in the cache, which no backup holds."""
        return Path(hass.config.cache_path(DOMAIN), self.repository.replace("/", "--"))

    def own_folder(self, hass: HomeAssistant) -> Path:
        """Return where the user may put them, on a machine that doesn't reach the hub."""
        return Path(hass.config.path(DOMAIN, self.repository.rpartition("/")[2]))

    def lie_in(self, folder: Path) -> bool:
        """Return whether all of them are in a folder. Blocks."""
        return all((folder / file).is_file() for file in self.files)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as the hub describes it."""

    path: str
    size: int
    sha256: str | None
    """None for small files, which the hub knows by Git's hash only."""
    git: str

    def is_in(self, place: Path) -> bool:
        """Return whether a file on the disk has this content. Blocks, 1 s for some hundred megabytes."""
        if place.stat().st_size != self.size:
            return False
        digest = hashlib.sha256() if self.sha256 else hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)
        with place.open("rb") as file:
            while part := file.read(_PART):
                digest.update(part)
        return digest.hexdigest() == (self.sha256 or self.git)


async def async_fetch(hass: HomeAssistant, weights: Weights, report: Callable[[int, int], None]) -> Path:
    """Return the folder with the weights, after fetching what is missing. Raise SpeechError.

    `report` is told how many bytes are there, and of how many, in the event loop.
    """
    do = hass.async_add_executor_job
    folder, own = weights.folder(hass), weights.own_folder(hass)
    if await do(weights.lie_in, folder):
        return folder
    try:
        await _async_fetch(hass, weights, folder, report)
    except SpeechError as err:
        if err.reason == "hub_down" and await do(_take_own, weights, own):
            return own
        raise
    return folder


def _take_own(weights: Weights, folder: Path) -> bool:
    """Return whether the user's own files are there. Raise SpeechError when they are not what they are taken for."""
    if not weights.lie_in(folder):
        return False
    for name in weights.files:
        known = KNOWN.get((weights.repository, name))
        place = folder / name
        if known and not _File(name, place.stat().st_size, known, "").is_in(place):
            raise SpeechError("weights_damaged", file=name)
    return True


async def _async_fetch(hass: HomeAssistant, weights: Weights, folder: Path, report: Callable[[int, int], None]) -> None:
    files = await _async_describe(hass, weights)
    total, done = sum(file.size for file in files), 0
    for file in files:
        if not await hass.async_add_executor_job((folder / file.path).is_file):
            await _async_fetch_file(hass, weights.repository, file, folder, partial(_add, report, done, total))
        done += file.size
        report(done, total)


def _add(report: Callable[[int, int], None], before: int, total: int, size: int) -> None:
    report(before + size, total)


async def _async_describe(hass: HomeAssistant, weights: Weights) -> list[_File]:
    """Return what the hub knows of the files."""
    url = f"{HUB}/api/models/{weights.repository}/paths-info/main"
    try:
        async with async_get_clientsession(hass).post(
            url, json={"paths": [*weights.files, *weights.may_be]}, timeout=_ASKING
        ) as response:
            if response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
                raise SpeechError("no_such_weights", name=weights.repository)
            response.raise_for_status()
            found = [_read(weights.repository, each) for each in await response.json()]
    except (ClientError, TimeoutError, ValueError, KeyError, TypeError) as err:
        raise SpeechError("hub_down") from err
    if not set(weights.files) <= {file.path for file in found}:
        raise SpeechError("no_such_weights", name=weights.repository)
    return found


def _read(repository: str, facts: dict[str, Any]) -> _File:
    path = str(facts["path"])
    large = facts.get("lfs") or {}
    return _File(path, int(facts["size"]), KNOWN.get((repository, path)) or large.get("oid"), str(facts["oid"]))


async def _async_fetch_file(
    hass: HomeAssistant, repository: str, file: _File, folder: Path, report: Callable[[int], None]
) -> None:
    do = hass.async_add_executor_job
    target = folder / file.path
    part = target.with_name(f"{target.name}.part")
    begun = await do(_make_room, part, file.size)
    if begun < file.size:
        headers = {"Range": f"bytes={begun}-"} if begun else {}
        url = f"{HUB}/{repository}/resolve/main/{file.path}"
        try:
            async with async_get_clientsession(hass).get(url, headers=headers, timeout=_FETCHING) as response:
                response.raise_for_status()
                goes_on = response.status == HTTPStatus.PARTIAL_CONTENT
                begun = begun if goes_on else 0
                opened = await do(_open, part, goes_on)
                try:
                    async for data in response.content.iter_chunked(_PART):
                        begun += await do(opened.write, data)
                        report(begun)
                        if begun > file.size:
                            break
                finally:
                    await do(opened.close)
        except (ClientError, TimeoutError) as err:
            raise SpeechError("hub_down") from err
    if not await do(file.is_in, part):
        await do(part.unlink)
        raise SpeechError("weights_damaged", file=target.name)
    await do(part.replace, target)


def _open(part: Path, goes_on: bool) -> BinaryIO:  # noqa: FBT001 - the executor passes by position
    return part.open("ab" if goes_on else "wb")


def _make_room(part: Path, size: int) -> int:
    """Return how much of a file is there already. Raise SpeechError where the rest of it doesn't fit on the disk."""
    part.parent.mkdir(parents=True, exist_ok=True)
    begun = part.stat().st_size if part.is_file() else 0
    if begun > size:
        part.unlink()
        begun = 0
    if shutil.disk_usage(part.parent).free < size - begun + _SPARE:
        raise SpeechError("no_space", megabytes=str((size - begun) >> 20))
    return begun
