"""Speak with eSpeak NG, whose voices need no weights: the program where it is installed, else the library from a wheel.

eSpeak NG (GPL-3.0-or-later) is no part of Intendant. The program is asked first, for it lives in a process of its own; the
wheel (espeakng-loader) exists for Linux with glibc, macOS and Windows, not for Home Assistant OS.
"""

import ctypes
import shutil
import subprocess
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ..const import CONF_VOICE
from . import line
from .errors import SpeechError
from .sound import Sound, from_wav
from .standing import Standing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from homeassistant.core import HomeAssistant

_ALIKE: Final = ["af", "ar", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "et", "eu", "fa", "fi", "ga", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "kn", "ko", "lb", "lt", "lv", "mk", "ml", "mr", "ms", "mt", "nb", "ne", "nl", "pa", "pl", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi"]  # fmt: skip
"""Languages that both call by the same name."""
VOICES: Final = {
    "en-GB": ("en", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "en-US": ("en-us", "en-us-nyc"),
    "zh-CN": ("cmn",),
    "zh-HK": ("yue",),
    "es-ES": ("es",),
    "es-MX": ("es-419",),
    "pt-BR": ("pt-br",),
    "pt-PT": ("pt",),
    "fr-BE": ("fr-be",),
    "fr-CH": ("fr-ch",),
    "fr-FR": ("fr",),
    **{language: (language,) for language in _ALIKE},
}
"""Language → voices of eSpeak NG, the default first. Home Assistant's names of languages, eSpeak NG's of voices."""
_TIMBRES: Final = ("+f2", "+f4", "+m3", "+m7")
"""Other timbres of a language's first voice."""
REQUIREMENT: Final = "espeakng-loader==0.2.4"
_PROGRAM: Final = "espeak-ng"
_WORDS_A_MINUTE: Final = 175
_SECONDS: Final = 20
"""A sentence takes some milliseconds."""
_WAITING: Final = 32
"""Sentences that may wait for their turn."""


async def async_install(hass: HomeAssistant) -> None:
    """Find the program, or let Home Assistant install the library. Raise SpeechError where that is impossible."""
    if await hass.async_add_executor_job(shutil.which, _PROGRAM) is None:
        await line.async_install(hass, [REQUIREMENT], "espeakng_loader", "no_espeak")


class EspeakVoice:
    """eSpeak NG on this machine's processor."""

    languages: Sequence[str] = tuple(VOICES)

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Prepare; nothing is loaded yet. The voice in the options comes before the others of its language."""
        self._hass = hass
        self._first = str(options.get(CONF_VOICE) or "")
        self._line = line.Line(hass, "espeak", _WAITING, "speaking_failed")
        self._ready = False
        self.standing = Standing("eSpeak NG")

    def voices(self, language: str) -> list[str]:
        """Return the voices of a language, and its first one in other timbres."""
        known = VOICES.get(language) or next((VOICES[key] for key in VOICES if key.startswith(f"{language}-")), ())
        names = [*known, *(known[0] + timbre for timbre in _TIMBRES if known)]
        chosen = [self._first] if self._first.partition("+")[0] in known else []
        return [*chosen, *(name for name in names if name not in chosen)]

    async def async_start(self) -> None:
        """Do nothing yet: there is nothing to load."""

    async def async_stop(self) -> None:
        """Let go after the sentence that is being spoken."""
        await self._line.async_stop()

    async def async_speak(self, sentence: str, language: str, voice: str | None, speed: float) -> AsyncIterator[Sound]:
        """Yield the sound of one sentence. Raise SpeechError."""
        if not self._ready:
            await async_install(self._hass)
            self._ready = True
        name = voice or next(iter(self.voices(language)), "en-us")
        yield await self._line.async_do(speak, sentence, name, speed)


def speak(sentence: str, voice: str, speed: float) -> Sound:
    """Return the sound of a sentence. Raise SpeechError. Blocks for some milliseconds."""
    words_a_minute = round(_WORDS_A_MINUTE * speed)
    if program := shutil.which(_PROGRAM):
        return _ask_program(program, sentence, voice, words_a_minute)
    return _library().speak(sentence, voice, words_a_minute)


def _ask_program(program: str, sentence: str, voice: str, words_a_minute: int) -> Sound:
    # The sentence goes in by its own channel: a command line can be seen by everybody on the machine.
    options = ["--stdin", "--stdout", "-b", "1", "-v", voice, "-s", str(words_a_minute)]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing but a voice's name comes from outside
            [program, *options], input=sentence.encode(), capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.CalledProcessError as err:
        raise SpeechError("no_voice", voice=voice) from err
    return from_wav(done.stdout, "speaking_failed")


class _Library:
    """eSpeak NG in this process. It keeps its state for the whole process: one sentence at a time.

    Its functions: https://github.com/espeak-ng/espeak-ng/blob/1.52.0/src/include/espeak-ng/speak_lib.h
    """

    _SYNCHRONOUS, _DONT_EXIT, _RATE, _BY_CHARACTER, _UTF8, _END_PAUSE = 2, 0x8000, 1, 1, 1, 0x1000

    def __init__(self) -> None:
        """Load the library and its data (10 MB). Raise SpeechError."""
        import espeakng_loader  # noqa: PLC0415 - installed when it is wanted

        self._lock = threading.Lock()
        self._pcm = bytearray()
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = espeakng_loader.get_data_path().encode()
        self._hz = int(self._library.espeak_Initialize(self._SYNCHRONOUS, 0, folder, self._DONT_EXIT))
        if self._hz <= 0:
            raise SpeechError("no_espeak")
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        # Kept, for the library calls it as long as it lives.
        self._callback = kind(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * 2)
        return 0

    def speak(self, sentence: str, voice: str, words_a_minute: int) -> Sound:
        """Return the sound of a sentence. Raise SpeechError."""
        text = sentence.encode()
        with self._lock:
            self._pcm.clear()
            if self._library.espeak_SetVoiceByName(voice.encode()):
                raise SpeechError("no_voice", voice=voice)
            self._library.espeak_SetParameter(self._RATE, words_a_minute, 0)
            flags = self._UTF8 | self._END_PAUSE
            failed = self._library.espeak_Synth(text, len(text) + 1, 0, self._BY_CHARACTER, 0, flags, None, None)
            if failed or not self._pcm:
                raise SpeechError("speaking_failed")
            return Sound(self._hz, bytes(self._pcm))


_library = cache(_Library)
