"""Act on what is said about the conversation itself: yes, no, cancel, undo, and what is planned.

Each result's response counts what it was about ("count": 0 when there was nothing), for the answer.
"""

from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from .act import async_act
from .core.intentions import Act, Reply, Result
from .core.values import Word
from .restore import async_restore, async_snapshot, steps_that_need_a_yes
from .turn import async_do_or_ask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .core.intentions import Intention
    from .restore import Former
    from .schedule import Plan
    from .turn import Turn


async def async_reply(turn: Turn, reply: Reply, pending: tuple[Act, ...]) -> list[Result]:
    """Act on a reply. `pending` are the acts that waited for one; a yes to them is not for here."""
    match reply.key:
        case "undo":
            return await _async_undo(turn, reply)
        case "cancel" if not pending and turn.situation.memory.question:
            return [Result(reply, response={"count": 1})]
        case "cancel" if not pending:
            return [_cancel(turn, reply)]
        case "planned":
            return [_planned(turn, reply)]
    return [Result(reply, response={"count": len(pending)})]


async def _async_undo(turn: Turn, reply: Reply) -> list[Result]:
    """Put back what the last turn changed; what would let people in waits for a yes."""
    dialogue = turn.dialogue
    cancelled = turn.schedule.async_cancel(dialogue.plan_ids)
    locked = steps_that_need_a_yes(dialogue.former, turn.situation)
    locked_ids = tuple(thing for step in locked for thing in step.entity_ids)
    former = {thing: kept for thing, kept in dialogue.former.items() if thing not in locked_ids}
    # Undone twice is done again.
    again = async_snapshot(turn.hass, former)
    restored = await async_restore(turn.hass, former, turn.speaker)
    taken_back = await async_act(turn.hass, dialogue.inverse, turn.speaker)
    things = (*former, *(thing for step in dialogue.inverse for thing in step.entity_ids))
    count = len(former) + len(dialogue.inverse) + len(cancelled)
    dialogue.former, dialogue.inverse, dialogue.plan_ids = again, (), ()
    results = []
    if count or not locked:
        response = {"count": count, "entity_ids": things, "beyond": dialogue.beyond}
        results.append(Result(reply, {**restored.failed, **taken_back.failed}, response))
    if locked:
        results.append(await async_do_or_ask(turn, Act(reply.call, locked, locked_ids)))
    return results


async def async_take_back(turn: Turn, instead: Sequence[Intention]) -> Former:
    """Put back what the turn before changed by mistake; return how the things were that are about to be changed instead.

    Those are not put back first: a lamp that shall be dimmer than it was made needs no detour. What would let people in
    stays as it is.
    """
    dialogue = turn.dialogue
    about = {thing for act in instead if isinstance(act, Act) for thing in act.entity_ids}
    if about and about < dialogue.former.keys():
        # "No, leave the lamp on": of many things, only the one that is spoken of was wrong.
        return {thing: kept for thing, kept in dialogue.former.items() if thing in about}
    turn.schedule.async_cancel(dialogue.plan_ids)
    locked = {thing for step in steps_that_need_a_yes(dialogue.former, turn.situation) for thing in step.entity_ids}
    wrong = {thing: kept for thing, kept in dialogue.former.items() if thing not in about | locked}
    await async_restore(turn.hass, wrong, turn.speaker)
    await async_act(turn.hass, dialogue.inverse, turn.speaker)
    return {thing: kept for thing, kept in dialogue.former.items() if thing in about}


def _cancel(turn: Turn, reply: Reply) -> Result:
    """Cancel everything planned if that was said, else what the last turn planned, else what was planned last."""
    plans = turn.schedule.plans
    if Word("all") in reply.call.targets:
        ids = [plan.id for plan in plans]
    else:
        known = {plan.id for plan in plans}
        # Ids are in the order of their making.
        own = sorted(plan.id for plan in plans if _is_own(plan, turn))
        ids = [plan_id for plan_id in turn.dialogue.plan_ids if plan_id in known] or own[-1:]
    gone = turn.schedule.async_cancel(ids)
    turn.dialogue.plan_ids = ()
    return Result(reply, response={"count": len(gone), "plans": [_describe(plan) for plan in gone]})


def _is_own(plan: Plan, turn: Turn) -> bool:
    """Return whether a plan was made by who speaks now, or at the same satellite."""
    speaker = turn.speaker
    return (plan.user_id, plan.satellite_id) == (speaker.context.user_id, speaker.satellite_id)


def _planned(turn: Turn, reply: Reply) -> Result:
    plans = turn.schedule.plans
    return Result(reply, response={"count": len(plans), "plans": [_describe(plan) for plan in plans]})


def _describe(plan: Plan) -> dict[str, Any]:
    at: datetime = dt_util.as_local(plan.at)
    return {
        "at": at,
        "seconds": max((plan.at - dt_util.utcnow()).total_seconds(), 0.0),
        "entity_ids": plan.entity_ids,
        "services": tuple(step.service for step in plan.steps),
        "returns": plan.former is not None,
    }
