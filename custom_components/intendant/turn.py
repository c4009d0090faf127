"""One turn of a conversation, and how an act is done in it: at once, later, for a while, or after a yes."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from .act import Speaker, async_act
from .core.guard import guard
from .core.intentions import Act, Refuse, Result, Situation
from .restore import async_snapshot, inverse_steps, scene_members, steps_that_need_a_yes
from .timers import async_find_timer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from .core.intentions import Intention
    from .dialogue import Dialogue
    from .phrasebook import PhraseBook
    from .pins import Pins
    from .schedule import Schedule
    from .usage import UsageKeeper

_RESTING: Final = {
    **dict.fromkeys(("light", "switch", "fan", "input_boolean", "humidifier", "siren"), "off"),
    **dict.fromkeys(("valve", "cover"), "closed"),
}
_OPEN: Final = {"lock": "unlocked", "cover": "open", "valve": "open", "alarm_control_panel": "disarmed"}


@dataclass(frozen=True, slots=True)
class Turn:
    """Who speaks, in what situation, and what was talked about."""

    hass: HomeAssistant
    schedule: Schedule
    dialogue: Dialogue
    speaker: Speaker
    situation: Situation
    pins: Pins
    phrasebook: PhraseBook
    usage: UsageKeeper


async def async_do_or_ask(turn: Turn, act: Act) -> Result:
    """Do an act, or keep it until it is confirmed. What would let people in by itself later on is asked for as well."""
    guarded = _guard(turn, act)
    if isinstance(guarded, Refuse):
        return Result(guarded)
    asked = isinstance(guarded, Act) and guarded.confirm
    if not act.confirm and not asked:
        return await async_do(turn, act)
    if isinstance(guarded, Act) and guarded.pin and turn.pins.closed:
        return Result(Refuse(act.call, "pin_closed"))
    act = replace(act, confirm=True, pin=isinstance(guarded, Act) and guarded.pin)
    turn.dialogue.pending += (act,)
    return Result(act)


def needs_asking(turn: Turn, act: Act) -> bool:
    """Return whether an act may only happen after a yes or a PIN, or never."""
    guarded = _guard(turn, act)
    return act.confirm or isinstance(guarded, Refuse) or (isinstance(guarded, Act) and guarded.confirm)


def _guard(turn: Turn, act: Act) -> Intention:
    """Return an act marked with what it takes, what it will return to included."""
    members = scene_members(turn.hass, act.entity_ids, turn.situation)
    returns = async_snapshot(turn.hass, [*act.entity_ids, *members]) if act.back_after else {}
    returns = {thing: turn.dialogue.former.get(thing, kept) for thing, kept in returns.items()}
    if act.delay:
        # Nobody knows how things will stand by then.
        returns = {thing: (_OPEN.get(thing.partition(".")[0], kept[0]), kept[1]) for thing, kept in returns.items()}
    return guard(replace(act, steps=(*act.steps, *steps_that_need_a_yes(returns, turn.situation))), turn.situation)


async def async_do(turn: Turn, act: Act) -> Result:
    """Do an act now, or plan it for later, and note how it can be undone."""
    dialogue = turn.dialogue
    if act.delay is not None and act.delay > 0:
        plan = turn.schedule.async_plan(act.steps, act.entity_ids, act.delay, turn.speaker, act.back_after)
        dialogue.plan_ids += (plan.id,)
        return Result(act)
    things = dict.fromkeys(thing for step in act.steps for thing in step.entity_ids)
    former = async_snapshot(turn.hass, [*things, *scene_members(turn.hass, things, turn.situation)])
    outcome = await async_act(turn.hass, act.steps, turn.speaker)
    if outcome.failed and act.call.verb.startswith("timer_"):
        return await async_find_timer(turn.hass, Result(act, outcome.failed), turn.speaker)
    former = {thing: kept for thing, kept in former.items() if thing not in outcome.failed}
    dialogue.former = {**former, **dialogue.former}
    inverse = inverse_steps(step for step in act.steps if not outcome.failed)
    dialogue.inverse += inverse
    if not former and not inverse:
        dialogue.beyond += act.entity_ids
    if act.back_after and former:
        # What was corrected returns to how it was before the mistake.
        returns = {thing: _after(act, thing, dialogue.former.get(thing, kept)) for thing, kept in former.items()}
        plan = turn.schedule.async_plan_return(returns, act.back_after, turn.speaker)
        dialogue.plan_ids += (plan.id,)
    return Result(act, outcome.failed, outcome.response)


def _after(act: Act, thing: str, kept: tuple[str, Mapping[str, object]]) -> tuple[str, Mapping[str, object]]:
    """Return what a thing becomes when the time is over: as it was; what was on already, and is wanted on for ten minutes, off."""
    rest = _RESTING.get(thing.partition(".")[0])
    goes_on = thing in act.unchanged and act.call.verb in ("on", "open") and kept[0] in ("on", "open")
    return (rest, {}) if rest and goes_on else kept
