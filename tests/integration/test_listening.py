"""A recording is recognized as soon as the speaker falls silent, and only once more when that was too early."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from custom_components.intendant.speech.audio import RATE, WIDTH
from custom_components.intendant.speech.errors import SpeechError
from custom_components.intendant.speech.listening import Listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant

LETTER = 3 * 1024
"""Bytes, three stretches of the detector: about a tenth of a second."""
CASES = yaml.safe_load((Path(__file__).parent / "tables" / "listening.yaml").read_text(encoding="utf-8"))


class Room:
    """Somebody who speaks, and what is recognized of it."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.sent = 0
        self.heard: list[int] = []
        self.fails = case.get("fails", 0)

    async def stream(self, hass: HomeAssistant) -> AsyncIterator[bytes]:
        for letter in self.case["said"]:
            self.sent += LETTER
            yield (b"\1" if letter == "s" else b"\0") * LETTER
            await hass.async_block_till_done()

    async def recognize(self, pcm: bytes) -> str:
        self.heard.append(round(len(pcm) / LETTER))
        if len(self.heard) <= self.fails:
            raise SpeechError("busy")
        return f"words of {self.heard[-1]}"

    def clock(self) -> float:
        return self.sent / (RATE * WIDTH) if self.case["live"] else 0.0


@pytest.mark.parametrize("case", CASES, ids=[f"{i}: {case['said']}" for i, case in enumerate(CASES)])
async def test_when_recognizing_begins(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, case: dict[str, Any]
) -> None:
    monkeypatch.setattr(
        "custom_components.intendant.speech.activity.SpeechDetector.holds_speech", lambda _self, pcm: any(pcm)
    )
    room = Room(case)
    listening = Listening(hass, room.recognize, lambda: not case.get("busy"), room.clock)
    if "error" in case:
        with pytest.raises(SpeechError, match=case["error"]):
            await listening.async_follow(room.stream(hass))
    else:
        assert await listening.async_follow(room.stream(hass)) == case["result"]
    assert room.heard == case["heard"]
