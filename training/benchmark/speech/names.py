"""Names that only one home has, in noise: how often they are heard, and how often the command then does what it should.

Without hints and choosing, with the names as hints, and with both: what each of them brings.
"""

import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from homeassistant.components import conversation
from homeassistant.core import Context

from training.benchmark.hass import LANGUAGES

from .noise import add_noise, make_noise
from .said import VOICES, Speakers, as_pcm
from .spoken import home_with_ears, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.sound import Samples
    from training.benchmark.hass import Running

    from .assistant import Assistant

DECIBELS = (20, 10, 5)
WAYS = {
    "plain": {"hints": False, "rescore": False},
    "hints": {"hints": True, "rescore": False},
    "hints and choosing": {"hints": True, "rescore": True},
}
COMMANDS = {"en": "turn on the {}", "zh": "打开{}"}
_NAMES = Path(__file__).with_name("names.yaml")
_TALK = 12


async def measure(language: str, count: int | None, speakers: Speakers) -> dict[str, Any]:
    """Return, for each way and loudness of noise, the shares of names not heard and of commands done."""
    names = [str(name) for name in yaml.safe_load(_NAMES.read_text(encoding="utf-8"))[language]][:count]
    found: dict[str, Any] = {}
    for way, options in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "names.yaml"
            path.write_text(yaml.safe_dump(_home(names, language), allow_unicode=True), encoding="utf-8")
            async with home_with_ears(path, language, options) as (running, assistant):
                found[way] = {
                    f"{decibels} dB": await _hear_all(running, assistant, names, decibels, speakers)
                    for decibels in DECIBELS
                }
    return {"names": len(names), "ways": found}


async def _hear_all(
    running: Running, assistant: Assistant, names: Sequence[str], decibels: int, speakers: Speakers
) -> dict[str, Any]:
    language = str(running.house.home.language)
    missed = done = wrong = 0
    for number, name in enumerate(names):
        samples = _recording(speakers, names, number, language, decibels)
        heard = await assistant.hear(as_pcm(samples), LANGUAGES[language])
        missed += folded(name) not in folded(heard)
        lit = await _obey(running, assistant, heard, language)
        done += lit == {_thing(number)}
        wrong += bool(lit - {_thing(number)})
    shares = {"names_missed": missed, "commands_right": done, "commands_wrong": wrong}
    return {key: round(100 * value / len(names), 1) for key, value in shares.items()}


async def _obey(running: Running, assistant: Assistant, heard: str, language: str) -> set[str]:
    """Return the lights that are on after the words were said."""
    running.house.restore()
    await running.hass.async_block_till_done()
    if heard:
        await conversation.async_converse(running.hass, heard, None, Context(), LANGUAGES[language], assistant.agent)
        await running.hass.async_block_till_done()
    return {state.entity_id for state in running.hass.states.async_all("light") if state.state == "on"}


def folded(text: str) -> str:
    """Return the letters and digits of a text without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return plain("".join(letter for letter in letters if not unicodedata.combining(letter)))


def _recording(speakers: Speakers, names: Sequence[str], number: int, language: str, decibels: int) -> Samples:
    """Return a command as one of the voices says it: they take turns."""
    voices = VOICES[language]
    voice, other = voices[number % len(voices)], voices[(number + 1) % len(voices)]
    command = COMMANDS[language]
    speech = speakers.say(command.format(names[number]), language, voice)
    others = [names[(number + step) % len(names)] for step in range(1, _TALK + 1)]
    talk = [speakers.say(command.format(name), language, other) for name in others]
    return add_noise(speech, make_noise(len(speech), talk, seed=number), decibels)


def _thing(number: int) -> str:
    return f"light.thing_{number}"


def _home(names: Sequence[str], language: str) -> dict[str, Any]:
    """Return a home of lights with these names, in the form of a home file (demo/HOMES.md); all are off."""
    rooms = {"en": ("Study", "Hall", "Attic"), "zh": ("书房", "门厅", "阁楼")}[language]
    return {
        "name": "Names",
        "language": language,
        "floors": [{"id": "ground", "name": {"en": "Ground floor", "zh": "一楼"}[language], "level": 0}],
        "areas": [{"id": f"room_{number}", "name": name, "floor": "ground"} for number, name in enumerate(rooms)],
        "entities": [
            {"id": _thing(number), "name": name, "area": f"room_{number % len(rooms)}"}
            for number, name in enumerate(names)
        ],
    }
