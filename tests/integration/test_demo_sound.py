"""What the demo takes for a recording, and how it gets its weights: checked, and going on where it stopped."""

import hashlib
import io
import threading
import wave
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import numpy as np
import pytest

from demo import fetch as fetching
from demo.fetch import File, Weights, fetch
from demo.settings import DemoError
from demo.sound import HEARD, read_wav

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 400
WEIGHTS = Weights("made", "somebody/something", (File("a/b.bin", hashlib.sha256(CONTENT).hexdigest()),), ())


def wav(rate: int, channels: int, width: int = 2, seconds: float = 1.3) -> bytes:
    times = np.arange(round(rate * seconds)) / rate
    tone = (np.sin(2 * np.pi * 300 * times) * 16000).astype("<i2").repeat(channels).tobytes()
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setframerate(rate)
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.writeframes(tone)
    return buffer.getvalue()


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_and_number_of_channels(rate: int, channels: int) -> None:
    found = read_wav(wav(rate, channels)).at(HEARD)
    times = np.arange(len(found.samples)) / HEARD
    assert found.seconds == pytest.approx(1.3, abs=0.001)
    # Away from its hard ends, the tone is the same.
    wanted = np.sin(2 * np.pi * 300 * times) * 16000 / 32768
    assert np.abs(found.samples - wanted)[800:-800].max() < 0.01


def test_a_wav_file_that_is_cut_off_or_whose_length_nobody_knew() -> None:
    whole = wav(16_000, 1)
    assert read_wav(whole[:8001]).seconds == pytest.approx(0.249, abs=0.001)
    unknown = whole[:40] + bytes(4) + whole[44:]
    assert read_wav(unknown).seconds == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no wav file"),
        (b"ID3" + bytes(100), "no wav file"),
        (wav(16_000, 1, width=1), "8 bits"),
        (wav(16_000, 1).replace(b"\1\0\1\0", b"\3\0\1\0", 1), "kind 3"),
        (wav(16_000, 1)[:44], "no sound"),
        (wav(16_000, 1)[:30], "no sound"),
    ],
    ids=["empty", "mp3", "8 bits", "floating point", "header only", "half a header"],
)
def test_what_is_no_recording(data: bytes, reason: str) -> None:
    with pytest.raises(DemoError, match=reason):
        read_wav(data)


class Hub(BaseHTTPRequestHandler):
    """Serves one file, in ranges if they are asked for."""

    content = CONTENT
    asked: list[str | None] = []  # noqa: RUF012 - each test begins with an empty one

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.end_headers()
        self.wfile.write(self.content[begin:])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, socket_enabled: None) -> Iterator[type[Hub]]:  # noqa: ARG001 - opens sockets
    """Return a hub on this machine, in place of the real one; the cache is empty."""
    server = HTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(fetching, "HUB", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(fetching, "CACHE", tmp_path)
    monkeypatch.setattr(Hub, "content", CONTENT)
    monkeypatch.setattr(Hub, "asked", [])
    yield Hub
    server.shutdown()
    server.server_close()
    thread.join()


def test_weights_are_fetched_once(hub: type[Hub], tmp_path: Path) -> None:
    assert fetch(WEIGHTS) == fetch(WEIGHTS) == tmp_path / "speech/made"
    assert (tmp_path / "speech/made/b.bin").read_bytes() == CONTENT
    assert hub.asked == [None]
    WEIGHTS.lay_in(tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere/somebody--something/b.bin").read_bytes() == CONTENT


def test_it_goes_on_where_it_stopped(hub: type[Hub], tmp_path: Path) -> None:
    (tmp_path / "speech/made").mkdir(parents=True)
    (tmp_path / "speech/made/b.bin.part").write_bytes(CONTENT[:1000])
    fetch(WEIGHTS)
    assert (tmp_path / "speech/made/b.bin").read_bytes() == CONTENT
    assert hub.asked == ["bytes=1000-"]


def test_another_content_is_not_taken(hub: type[Hub], tmp_path: Path) -> None:
    hub.content = CONTENT[:-1] + b"!"
    with pytest.raises(DemoError, match="no package carries it"):
        fetch(WEIGHTS)
    assert not list((tmp_path / "speech/made").glob("b.bin*"))
