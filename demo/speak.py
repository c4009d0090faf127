"""Say sentences aloud: sound through the voice pipeline, and a spoken answer back."""

import asyncio
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .engines import find_ffmpeg
from .fetch import say as tell
from .kokoro import VOICES, Kokoro
from .settings import DemoError
from .sound import HEARD, Sound, read_wav, write_wav

if TYPE_CHECKING:
    from pathlib import Path

    from .link import Link
    from .talk import Talk
    from .voice import Engines

CHUNK = HEARD // 10 * 2
"""Bytes of a tenth of a second: satellites send sound in such pieces."""
LOADING = "still_loading"
PATIENCE = 120
"""Seconds that a model may take to be loaded."""
QUIET = 0.15


@dataclass
class Spoken:
    """What came of one recording."""

    heard: str | None = None
    answer: dict[str, Any] | None = None
    error: str | None = None
    sound: bytes = b""
    times: dict[str, float] = field(default_factory=dict)
    """Stage → seconds from the end of the recording."""
    ended: float = 0.0

    def note(self, stage: str) -> None:
        """Note that a stage is over."""
        self.times[stage] = time.perf_counter() - self.ended


@dataclass
class Speaker:
    """Speaks to one pipeline, in a language."""

    talk: Talk
    engines: Engines
    pipeline: str
    log: Path
    """Home Assistant's log: only there it is said why something was not heard."""

    @property
    def link(self) -> Link:
        """Return the connection."""
        return self.talk.link

    async def synthesize(self, sentence: str) -> Sound:
        """Return a sentence as a voice says it: the assistant's own, or one of Kokoro's where that one cannot be understood."""
        language = self.talk.language.partition("-")[0]
        if language == "zh" or self.engines.tts is None:
            return await asyncio.to_thread(Kokoro().speak, sentence, language, VOICES[language][0])
        options = {"preferred_format": "wav"}
        order = {"engine_id": self.engines.tts, "message": sentence, "cache": False, "options": options}
        where = await self.link.post("/api/tts_get_url", order)
        return read_wav(b"".join([part async for part in self.link.get(where["path"])]))

    async def say(self, sound: Sound, out: Path) -> bool:
        """Let the pipeline hear it, print what came of it; return whether anything was done or answered."""
        began, spoken = time.monotonic(), await self._run(sound)
        while self._unheard(spoken) == LOADING and time.monotonic() - began < PATIENCE:
            tell("the model that hears is still being loaded")
            await asyncio.sleep(2)
            spoken = await self._run(sound)
        if spoken.heard is not None:
            print(f"heard: {spoken.heard or '(nothing)'}")
        if spoken.error or spoken.answer is None:
            raise DemoError(self._explain(spoken))
        done = self.talk.show(spoken.answer)
        times = ", ".join(f"{stage} after {seconds:.2f} s" for stage, seconds in spoken.times.items())
        print(
            f"  ({sound.seconds:.1f} s of speech; {times}; {self.engines.stt}, {self.talk.agent}, {self.engines.tts})"
        )
        if spoken.sound:
            answer = read_wav(await asyncio.to_thread(_as_wav, spoken.sound))
            write_wav(out, answer)
            print(f"  spoken answer: {out} ({answer.seconds:.1f} s)")
        return done

    async def _run(self, sound: Sound) -> Spoken:
        """Run the pipeline once."""
        self.link.events.clear()
        pcm = await asyncio.to_thread(sound.pcm)
        spoken, listening, sending = Spoken(), None, None
        run = self.link.run(
            "assist_pipeline/run",
            start_stage="stt",
            end_stage="tts" if self.engines.tts else "intent",
            # The recording is the whole sentence: nothing in it is taken for its end.
            input={"sample_rate": HEARD, "no_vad": True},
            pipeline=self.pipeline,
            conversation_id=self.talk.conversation,
            device_id=self.talk.device,
            timeout=PATIENCE,
        )
        async for event in run:
            data = event["data"] or {}
            match event["type"]:
                case "run-start":
                    if "tts_output" in data:
                        listening = asyncio.create_task(self._listen(data["tts_output"]["url"], spoken))
                    sending = asyncio.create_task(self._send(pcm, data["runner_data"]["stt_binary_handler_id"], spoken))
                case "stt-end":
                    spoken.heard = data["stt_output"]["text"]
                    spoken.note("heard")
                case "intent-end":
                    output = data["intent_output"]
                    self.talk.conversation, spoken.answer = output["conversation_id"], output["response"]
                    spoken.note("done")
                case "error":
                    spoken.error = f"{data['message']} ({data['code']})"
                case "run-end":
                    break
        # Nobody listens any more: after an error, the rest need not be sent.
        await _end(sending, cancel=True)
        words = spoken.answer["speech"].get("plain", {}).get("speech") if spoken.answer else None
        await _end(listening, cancel=bool(spoken.error or not words))
        if spoken.sound:
            spoken.note("all of it")
        await self.link.settle(QUIET)
        return spoken

    async def _send(self, pcm: bytes, handler: int, spoken: Spoken) -> None:
        for start in range(0, len(pcm), CHUNK):
            await self.link.send(bytes([handler]) + pcm[start : start + CHUNK])
        await self.link.send(bytes([handler]))
        spoken.ended = time.perf_counter()

    async def _listen(self, url: str, spoken: Spoken) -> None:
        """Take the spoken answer as it comes; note when its first sound came."""
        async for part in self.link.get(url):
            if not spoken.sound:
                spoken.note("first sound of the answer")
            spoken.sound += part

    def _unheard(self, spoken: Spoken) -> str | None:
        """Return why a recording was not recognized, as Home Assistant's log has it."""
        if "stt-stream-failed" not in (spoken.error or ""):
            return None
        mark = "Speech was not recognized: "
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return next((line.rpartition(mark)[2].strip() for line in reversed(lines) if mark in line), None)

    def _explain(self, spoken: Spoken) -> str:
        if reason := self._unheard(spoken):
            return f"Nothing was heard: {reason}"
        return f"The pipeline ended: {spoken.error or 'without an answer'}"


async def _end(task: asyncio.Task[None] | None, *, cancel: bool) -> None:
    """Wait for a task and raise what it raised, or stop it and forget it."""
    if task is not None and cancel:
        task.cancel()
        await asyncio.wait([task])
    elif task is not None:
        await task


def _as_wav(data: bytes) -> bytes:
    """Return a sound of any format as a wav file: Home Assistant makes MP3 of answers that nobody asked to be otherwise."""
    if data[:4] == b"RIFF":
        return data
    command = [find_ffmpeg(), "-loglevel", "error", "-i", "pipe:0", "-f", "wav", "-c:a", "pcm_s16le", "pipe:1"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout  # noqa: S603 - our own words
