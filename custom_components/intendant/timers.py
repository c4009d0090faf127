"""Find out which timer is meant when Home Assistant can't tell: by a name that is nearly right, or by asking.

Home Assistant's intents demand a name letter by letter, and fail when several timers fit.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from homeassistant.components.intent.const import TIMER_DATA
from rapidfuzz import fuzz

from .act import async_act
from .core.intentions import Act, Ask, Result
from .core.lexicon import stop_words
from .core.names import split_plain
from .core.plan_timers import WHICH_TIMER, length_name
from .core.text import stem

if TYPE_CHECKING:
    from homeassistant.components.intent.timers import TimerInfo
    from homeassistant.core import HomeAssistant

    from .act import Speaker

_SEVERAL, _NONE = "multiple_timers_matched", "timer_not_found"
_ACTIVE: Final = {"intent.HassPauseTimer": True, "intent.HassUnpauseTimer": False}
"""Services that only concern timers that run, or that do not."""
_ALIKE = 85
"""How alike a timer's name and what was said must be, of 100."""


async def async_find_timer(hass: HomeAssistant, result: Result, speaker: Speaker) -> Result:
    """Return the result of an act on a timer: done after all, or a question, where the timer wasn't clear."""
    act = result.intention
    reason = next(iter(result.failed.values()), None)
    if not isinstance(act, Act) or reason not in (_SEVERAL, _NONE) or len(act.steps) != 1:
        return result
    said = str(act.steps[0].data.get("name", ""))
    timers = _timers(hass, act.steps[0].service, speaker.device_id)
    if reason == _NONE:
        alike = {str(timer.name) for timer in timers if said and timer.name and _is_alike(said, timer.name)}
        if len(alike) != 1:
            return result
        step = replace(act.steps[0], data={**act.steps[0].data, "name": alike.pop()})
        act = replace(act, steps=(step,))
        outcome = await async_act(hass, act.steps, speaker)
        return Result(act, outcome.failed, outcome.response)
    if said:
        timers = [timer for timer in timers if timer.name and timer.name.casefold() == said.casefold()]
    choices = tuple(timer.name or length_name(_started_with(timer)) for timer in timers)
    if len(set(choices)) < max(len(choices), 2):
        # Two that are called the same can't be told apart by asking.
        return result
    return Result(Ask(act.call, WHICH_TIMER, choices))


def _is_alike(said: str, name: str) -> bool:
    """Return whether words said are a timer's name or nearly so: "the eggs" for "egg", but not "tea" for "steak"."""
    words, known = set(map(stem, split_plain(said))), set(map(stem, split_plain(name)))
    return bool(words & known - stop_words()) or fuzz.ratio(said.casefold(), name.casefold()) >= _ALIKE


def _started_with(timer: TimerInfo) -> int:
    """Return the seconds a timer was started with, by which Home Assistant's intents know it."""
    return (timer.start_hours or 0) * 3600 + (timer.start_minutes or 0) * 60 + (timer.start_seconds or 0)


def _timers(hass: HomeAssistant, service: str, device_id: str | None) -> list[TimerInfo]:
    """Return the timers that a service may concern: those of this device if there are several, else all."""
    active = _ACTIVE.get(service)
    found = [
        timer
        for timer in hass.data[TIMER_DATA].timers.values()
        if not timer.conversation_command and active in (None, timer.is_active)
    ]
    own = [timer for timer in found if timer.device_id == device_id]
    return own if len(own) > 1 else found
