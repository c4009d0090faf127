"""The packages that hear and speak, in a folder of their own in the cache: too large for the environments of the tests.

In a user's Home Assistant, Home Assistant installs them itself; in the demo too.
"""

import importlib.metadata
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from .fetch import CACHE, PIP, locked, run, say
from .settings import DemoError

REQUIREMENTS = ("faster-whisper==1.2.1", "piper-tts==1.8.0")
"""What custom_components/intendant/speech asks for."""
CHINESE = ("cn2an==0.5.24", "jieba==0.42.1", "ordered-set==4.1.0", "pypinyin==0.55.0")
"""What turns Chinese into sounds for Kokoro, with the next."""
UNBOUND = ("misaki==0.9.4",)
"""Runs on every Python, but says that it does not run on new ones, and wants more than Chinese needs."""

FFMPEG = "imageio-ffmpeg==0.6.0"
"""Brings the program ffmpeg (GPL-3.0), with which Home Assistant turns answers into the format that is asked for."""


def folder() -> Path:
    """Return the folder for this Python and these packages."""
    made_of = sha256(" ".join((sys.version, *REQUIREMENTS, *CHINESE, *UNBOUND)).encode()).hexdigest()[:12]
    return CACHE / "speech" / f"engines-{made_of}"


def install() -> Path:
    """Return the folder with the packages, after installing them if need be (0.5 GB). Raise DemoError."""
    place = folder()
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with locked(place.with_suffix(".lock")):
        if not place.exists():
            say("installing faster-whisper, piper-tts and what Kokoro needs (0.5 GB)")
            work = place.with_suffix(".part")
            shutil.rmtree(work, ignore_errors=True)
            why = "The packages that hear and speak are out of reach"
            run([*_pip(), "--target", str(work), *_pins(), *REQUIREMENTS, *CHINESE], why)
            run([*PIP, "install", "-q", "--no-deps", "--ignore-requires-python", "--target", str(work), *UNBOUND], why)
            work.rename(place)
    return place


def use() -> Path:
    """Let this process import the packages, after all that is installed. Raise DemoError."""
    place = install()
    if str(place) not in sys.path:
        sys.path.append(str(place))
    return place


def find_ffmpeg() -> str:
    """Return the program ffmpeg, after putting it beside this Python where the machine has none. Raise DemoError."""
    beside = Path(sys.prefix) / "bin/ffmpeg"
    if there := shutil.which("ffmpeg") or shutil.which(beside):
        return there
    place = CACHE / "speech/ffmpeg"
    place.parent.mkdir(parents=True, exist_ok=True)
    with locked(place.with_suffix(".lock")):
        if not (found := _programs(place)):
            say("fetching ffmpeg, which this machine has not")
            run([*_pip(), "--target", str(place), "--no-deps", FFMPEG], "ffmpeg is out of reach")
            found = _programs(place)
    if not found:
        raise DemoError("There is no ffmpeg for this machine: install it.")
    beside.unlink(missing_ok=True)
    beside.symlink_to(found[0])
    return str(beside)


def _programs(place: Path) -> list[Path]:
    return sorted(place.glob("imageio_ffmpeg/binaries/ffmpeg-*"))


def _pip() -> list[str]:
    """Return the command that installs: uv where it is, for it is several times faster."""
    uv = shutil.which("uv", path=f"{sys.prefix}/bin")
    if uv:
        return [uv, "pip", "install", "-q", "--python", sys.executable]
    return [*PIP, "install", "-q"]


def _pins() -> list[str]:
    """Return what keeps the packages that both sides have at the versions that are here."""
    names = ("numpy", "tokenizers", "pyyaml")
    return [f"{name}=={importlib.metadata.version(name)}" for name in names if _there(name)]


def _there(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
