"""Pack a bundle, and unpack one that was sent in. Nothing about that archive is trusted: not its names, nor its kinds of entry, nor its sizes."""

import gzip
import io
import tarfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Final, override

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS, TOKENIZER, CARD = "model.safetensors", "tokenizer.json", "card.json"
"""As in core/bundle.py, whose libraries are not imported before a bundle is loaded."""
EVIDENCE: Final = "gate.json"
"""What the machine that trained it says of the bundle. No part of the bundle."""
MOST_SENT: Final = 64 * 1024 * 1024
"""Bytes of an archive."""
_MOST_OF: Final = {WEIGHTS: 96 << 20, TOKENIZER: 16 << 20, CARD: 1 << 20, EVIDENCE: 1 << 20}
"""File → bytes that it may have. What is not named here has no place in an archive."""
_MOST_UNPACKED: Final = sum(_MOST_OF.values()) + (1 << 20)
_BLOCK: Final = 1 << 18


class _Bounded(io.RawIOBase):
    """Reads on until too much has come out: a few kilobytes can hold gigabytes of nothing, in headers too."""

    def __init__(self, source: gzip.GzipFile) -> None:
        super().__init__()
        self._source = source
        self._left = _MOST_UNPACKED

    @override
    def read(self, size: int = -1) -> bytes:
        block = self._source.read(min(size, _BLOCK) if size >= 0 else _BLOCK)
        self._left -= len(block)
        if self._left < 0:
            raise unusable("archive_too_large")
        return block


def unusable(key: str, **facts: str) -> HomeAssistantError:
    """Return the error for an archive of which no bundle can be made."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=facts)


def unpack(archive: Path, into: Path) -> None:
    """Write the files of the archive (gzip, tar) into an empty folder. Blocks.

    Raise a HomeAssistantError when it is damaged or too large, or holds anything but the plain files of a bundle.
    """
    try:
        with gzip.open(archive) as plain, closing(_Bounded(plain)) as source:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                found = {_take(tar, member, into) for member in tar}
            while source.read(_BLOCK):
                # What follows is not looked at, but the checksum stands at the very end.
                pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, ValueError, zlib.error) as err:
        raise unusable("archive_damaged") from err
    except OSError as err:
        raise unusable("archive_unwritable") from err
    if missing := sorted({WEIGHTS, TOKENIZER, CARD} - found):
        raise unusable("archive_incomplete", name=missing[0])


def pack(folder: Path, archive: Path) -> None:
    """Write the files of a bundle into an archive (gzip, tar) that names nobody. Raise OSError. Blocks."""
    with gzip.GzipFile(archive, "wb", 1, mtime=0) as packed, tarfile.open(None, "w", packed) as tar:
        for name in (WEIGHTS, TOKENIZER, CARD):
            member = tarfile.TarInfo(name)
            member.size, member.mode = (folder / name).stat().st_size, 0o644
            with (folder / name).open("rb") as file:
                tar.addfile(member, file)


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> str:
    """Write one file and return its name; raise a HomeAssistantError for whatever else it is."""
    name = member.name.removeprefix("./")
    if member.isdir() and name in ("", "."):
        return ""
    # Links, devices and sparse files are regular in some way, too: only the plainest kind will do.
    if name not in _MOST_OF or member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
        raise unusable("archive_strange")
    if member.size > _MOST_OF[name]:
        raise unusable("archive_too_large")
    source = tar.extractfile(member)
    if source is None:
        raise unusable("archive_strange")
    try:
        with (into / name).open("xb") as file:
            while block := source.read(_BLOCK):
                file.write(block)
    except FileExistsError as err:
        raise unusable("archive_strange") from err
    return name
