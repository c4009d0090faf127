"""Fetch a journal from a Home Assistant, and send a bundle back to it: over its API, with a long-lived access token.

The journal is GET /api/intendant/journal. The bundle is POST /api/intendant/bundles, a tar archive packed with gzip:
model.safetensors, tokenizer.json, card.json and gate.json side by side. The answer is JSON: version, state, why.
GET /api/intendant/bundles/in_service gives the bundle to go on from, GET /api/intendant/bundles what became of a version.
"""

from __future__ import annotations

import gzip
import json
import tarfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from typing import IO, TYPE_CHECKING, Any

from intendant_core.bundle import CARD, TOKENIZER, WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL, BUNDLES = "/api/intendant/journal", "/api/intendant/bundles"
GATE = "gate.json"
SECONDS = 120
MOST_OF_A_FILE = 128 << 20
MOST_BYTES = 2 << 30
"""Of a journal: 100,000 turns are about 100 MB."""
_WHY = {
    401: "the token is not accepted",
    403: "the token is not an administrator's",
    404: "Intendant is not set up there, or keeps no journal",
    413: "the bundle is too large for it",
}


class ExchangeError(Exception):
    """Home Assistant is out of reach, or refuses; the message says why."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follow no redirection: the token is for the address that was given and for no other."""

    def redirect_request(self, *_: object) -> None:
        """Give none."""


def fetch_journal(url: str, token: str, file: IO[bytes]) -> None:
    """Write the journal of the Home Assistant at the URL into an open file. Raise ExchangeError."""
    with _open(url, JOURNAL, token) as answer:
        left = MOST_BYTES
        while chunk := answer.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise ExchangeError("the journal is larger than any can be")
            file.write(chunk)


def fetch_bundle(url: str, token: str, folder: Path) -> None:
    """Write the files of the bundle in service into a new folder. Raise ExchangeError."""
    folder.mkdir(parents=True)
    with _open(url, f"{BUNDLES}/in_service", token) as answer:
        try:
            with tarfile.open(fileobj=answer, mode="r|gz") as tar:
                for member in tar:
                    if member.name in (WEIGHTS, TOKENIZER, CARD) and member.isreg() and member.size <= MOST_OF_A_FILE:
                        tar.extract(member, folder, filter="data")
        except (tarfile.TarError, EOFError, OSError, zlib.error) as err:
            raise ExchangeError(f"the bundle in service did not come whole: {type(err).__name__}") from err
    if missing := [name for name in (WEIGHTS, TOKENIZER, CARD) if not (folder / name).exists()]:
        raise ExchangeError(f"the bundle in service came without {missing[0]}")


def ask_verdict(url: str, token: str, version: str, wait: float = 5, most: float = 1800) -> dict[str, Any]:
    """Return what became of a version that was sent, asking every `wait` seconds while it is being judged. Raise ExchangeError."""
    end = time.monotonic() + most
    while True:
        with _open(url, BUNDLES, token) as answer:
            found: list[dict[str, Any]] = json.loads(answer.read(1 << 20)).get("versions", [])
        known = next((one for one in found if one.get("version") == version), {"state": "gone"})
        if known["state"] != "checking" or time.monotonic() > end:
            return known
        time.sleep(wait)


def pack(bundle: Path, gate: Path, out: Path) -> None:
    """Write the archive of a bundle and its verdict; the same files give the same archive, and it names nobody."""
    with (
        out.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        tarfile.open(None, "w", packed) as tar,
    ):  # type: ignore[call-overload]
        for path, name in (
            (bundle / WEIGHTS, WEIGHTS),
            (bundle / TOKENIZER, TOKENIZER),
            (bundle / CARD, CARD),
            (gate, GATE),
        ):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                tar.addfile(entry, file)


def send_bundle(url: str, token: str, archive: Path) -> dict[str, Any]:
    """Send an archive; return what Home Assistant answers (version, state, why). Raise ExchangeError."""
    size = archive.stat().st_size
    headers = {"Content-Type": "application/gzip", "Content-Length": str(size)}
    with archive.open("rb") as file, _open(url, BUNDLES, token, file, headers) as answer:
        try:
            found = json.loads(answer.read(1 << 20))
        except ValueError as err:
            raise ExchangeError("the answer is not Intendant's") from err
    if not isinstance(found, dict) or "state" not in found:
        raise ExchangeError("the answer is not Intendant's")
    return found


def _open(url: str, path: str, token: str, body: IO[bytes] | None = None, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - the library names no type
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ExchangeError(f"{url} is no address of a Home Assistant: it begins with http:// or https://")
    request = urllib.request.Request(  # noqa: S310 - the scheme has just been looked at
        f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{path}",
        data=body,  # type: ignore[arg-type]
        headers={"Authorization": f"Bearer {token}", "User-Agent": "intendant"} | (headers or {}),
        method="POST" if body else "GET",
    )
    try:
        return urllib.request.build_opener(_StayHere).open(request, timeout=SECONDS)
    except urllib.error.HTTPError as err:
        with err:
            why = (
                "it sends elsewhere: give its own address"
                if 300 <= err.code < 400
                else _WHY.get(err.code, str(err.reason))
            )
        raise ExchangeError(f"Home Assistant answers {err.code}: {why}") from None
    except (urllib.error.URLError, OSError) as err:
        raise ExchangeError(f"{parts.hostname} can not be reached: {getattr(err, 'reason', err)}") from None


def is_url(source: str) -> bool:
    """Return whether a source is an address rather than a file."""
    return source.startswith(("http://", "https://"))
