"""How long a spoken command takes through Home Assistant's voice pipeline, several satellites at once, and how much memory it takes."""

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from demo.fetch import fetch
from demo.weights import WEIGHTS
from training.benchmark.figures.homes import make_home, make_sentences
from training.benchmark.figures.part import spread
from training.benchmark.hass import running_home

from .assistant import make_assistant
from .said import JOE, Speakers, as_pcm
from .spoken import MODEL, lay_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.benchmark.hass import Running

    from .assistant import Assistant, Spoken

THINGS, SATELLITES = 50, 8
COMMANDS = {"turn", "switch", "dim", "make", "close", "set", "lock", "put"}
"""First words of what calls a service; questions call none."""
SHORTEST, LONGEST = 2.4, 3.6
"""Seconds of a command of some three seconds, the silence around it included."""
_MB = 1e6


async def measure(turns: int, speakers: Speakers) -> dict[str, Any]:
    """Return the times of so many turns, and the rest."""
    home = make_home(THINGS)
    commands = _commands(home, turns, speakers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home.yaml"
        path.write_text(yaml.safe_dump(home, allow_unicode=True), encoding="utf-8")
        async with running_home(path) as running:
            return await _measure(running, commands)


def _commands(home: dict[str, Any], count: int, speakers: Speakers) -> list[bytes]:
    """Return commands about a home, as a voice says them."""
    found = []
    for sentence in make_sentences(home, 20 * count):
        if sentence.partition(" ")[0] not in COMMANDS:
            continue
        samples = speakers.say(sentence, "en", JOE)
        if SHORTEST <= len(samples) / 16_000 <= LONGEST:
            found.append(as_pcm(samples))
        if len(found) == count:
            break
    return found


async def _measure(running: Running, commands: Sequence[bytes]) -> dict[str, Any]:
    before = _resident()
    lay_weights(running)
    voice = str(next(fetch(WEIGHTS["piper-joe"]).glob("*.onnx")))
    ears = {"engine": "whisper", "model": MODEL}
    assistant = await make_assistant(running.hass, ears, {"engine": "piper", "voice": voice}, "en")
    loaded = _resident()
    satellites = [found for area, found in running.satellites.items() if area]
    try:
        # The first turn loads the voice.
        await assistant.converse(commands[0], "en", satellite=satellites[0])
        fast = [await assistant.converse(pcm, "en", satellite=satellites[0]) for pcm in commands]
        live = [await assistant.converse(pcm, "en", satellite=satellites[0], real_time=True) for pcm in commands[::3]]
        factors = await _factors(assistant, commands)
        together = await _together(assistant, commands, satellites)
        return {
            "command_s": spread([_seconds(pcm) for pcm in commands]),
            "from_end_of_recording": _times(fast),
            "from_end_of_speech_live": _times(live),
            "real_time_factor": factors,
            "satellites": together,
            "memory_mb": {
                "added_by_loading": round((loaded - before) / _MB),
                "added_after_turns": round((_resident() - before) / _MB),
            },
        }
    finally:
        await running.hass.config_entries.async_unload(assistant.entry.entry_id)


def _times(turns: Sequence[Spoken]) -> dict[str, Any]:
    """Return how long the stages took, in seconds."""
    stages = {
        "heard": [turn.heard_after for turn in turns],
        "service_called": [turn.called_after for turn in turns],
        "first_sound": [turn.sound_after for turn in turns],
    }
    times = {stage: [value for value in values if value is not None] for stage, values in stages.items()}
    return {"turns": len(turns), "errors": sum(turn.error is not None for turn in turns)} | {
        stage: spread(values) if values else None for stage, values in times.items()
    }


async def _factors(assistant: Assistant, commands: Sequence[bytes]) -> dict[str, Any]:
    """Return seconds of work for a second of sound."""
    hearing, speaking = [], []
    for pcm in commands:
        began = time.perf_counter()
        await assistant.hear(pcm, "en")
        hearing.append((time.perf_counter() - began) / _seconds(pcm))
    for number in range(len(commands)):
        began = time.perf_counter()
        # A sentence that was not spoken before: Home Assistant keeps what was.
        sound = await assistant.speak(f"The lights in the kitchen are {number + 1} percent bright.", "en-US")
        speaking.append((time.perf_counter() - began) / sound.seconds)
    return {"hearing": spread(hearing), "speaking": spread(speaking)}


async def _together(
    assistant: Assistant, commands: Sequence[bytes], satellites: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Let several satellites speak at the same time, from different rooms."""
    runs = [
        assistant.converse(commands[number % len(commands)], "en", satellite=satellites[number % len(satellites)])
        for number in range(SATELLITES)
    ]
    found = await asyncio.gather(*runs)
    answered = [turn for turn in found if turn.error is None and turn.reply and turn.sound]
    return {
        "at_once": SATELLITES,
        "answered": len(answered),
        "errors": [turn.error for turn in found if turn.error],
        "answered_s": spread([turn.over_after for turn in answered]) if answered else None,
    }


def _seconds(pcm: bytes) -> float:
    return len(pcm) / 32_000


def _resident() -> int:
    """Return the bytes of the process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
