"""Carry out the intentions of a turn in their order, and remember what the next sentence may refer to."""

from dataclasses import replace
from typing import TYPE_CHECKING

from .act import async_look_up
from .const import MEMORY_TURNS
from .core.intentions import (
    Act,
    Ask,
    Decide,
    HandOver,
    Intention,
    Learn,
    LookUp,
    Memory,
    Question,
    Refuse,
    Reply,
    Result,
    Tell,
)
from .phrasebook import TAUGHT
from .pins import RIGHT, WRONG
from .replies import async_reply, async_take_back
from .turn import Turn, async_do, async_do_or_ask, needs_asking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .core.values import Reading
    from .dialogue import Dialogue


async def async_carry_out(
    turn: Turn, intentions: Sequence[Intention], *, corrects: bool = False, retimes: bool = False
) -> list[Result]:
    """Carry out intentions; return what came of each.

    A correction takes back first what the turn before did, another time what the last acting turn planned.
    """
    dialogue = turn.dialogue
    if retimes and any(isinstance(item, Act) and needs_asking(turn, item) for item in intentions):
        # What stands between now and an open door must not be cancelled before the yes.
        return [Result(Refuse(intentions[0].call, "not_sure"))]
    # A reply answers the question before; anything else leaves that question behind.
    pending, dialogue.pending = dialogue.pending, ()
    confirmed = any(isinstance(intention, Reply) and intention.key == "yes" for intention in intentions)
    acted, dialogue.acted = dialogue.acted, False
    if any(isinstance(intention, Ask) for intention in intentions):
        # A correction that leads to a question still has to be carried out.
        dialogue.acted = acted and corrects
    if any(isinstance(intention, Ask) and intention.key == "yes_or_no" for intention in intentions):
        dialogue.pending = pending
    if (confirmed and pending) or any(isinstance(intention, Act) for intention in intentions):
        kept = await async_take_back(turn, intentions) if retimes or (corrects and acted) else {}
        dialogue.begin(kept)
    results: list[Result] = []
    for intention in intentions:
        results += await _async_carry_out(turn, intention, pending)
        if isinstance(intention, Reply):
            pending = ()
    return results


async def _async_carry_out(turn: Turn, intention: Intention, pending: tuple[Act, ...]) -> list[Result]:
    match intention:
        case Act():
            turn.dialogue.suggested += (intention.routine.id,) if intention.routine else ()
            return [await async_do_or_ask(turn, intention)]
        case LookUp():
            outcome = await async_look_up(turn.hass, intention.step, turn.speaker)
            return [Result(intention, outcome.failed, outcome.response)]
        case Learn() | Decide():
            return [await async_learn(turn, intention)]
        case Reply(key="yes") if pending:
            return await async_confirm(turn, intention, pending)
        case Reply():
            return await async_reply(turn, intention, pending)
    return [Result(intention)]


async def async_learn(turn: Turn, lesson: Learn | Decide) -> Result:
    """Keep what words shall mean, or forget it; keep whether a habit may be offered."""
    if isinstance(lesson, Decide):
        await turn.usage.async_decide(lesson.routine_id, lesson.decision)
    elif lesson.forget:
        await turn.phrasebook.async_forget_words(lesson.phrase)
    else:
        await turn.phrasebook.async_keep(lesson.phrase, TAUGHT)
    return Result(lesson)


async def async_confirm(turn: Turn, reply: Reply, pending: Sequence[Act]) -> list[Result]:
    """Do what waited for a yes. What takes a PIN goes on waiting for it."""
    done = [await async_do(turn, replace(act, confirm=False)) for act in pending if not act.pin]
    turn.dialogue.pending = tuple(act for act in pending if act.pin)
    return [*done, *([Result(Refuse(reply.call, "needs_pin"))] if turn.dialogue.pending else [])]


async def async_enter_pin(turn: Turn, pin: str) -> list[Result]:
    """Do what waited for a PIN, if it is the right one. The third wrong one closes them all for a while."""
    dialogue = turn.dialogue
    pending, dialogue.pending = dialogue.pending, ()
    verdict = await turn.pins.async_check(pin)
    if verdict == RIGHT:
        dialogue.begin({})
        return [await async_do(turn, replace(act, confirm=False, pin=False)) for act in pending]
    if verdict == WRONG:
        dialogue.pending = pending
        return [Result(Ask(pending[0].call, "pin_wrong"))]
    return [Result(Refuse(pending[0].call, "pin_closed"))]


def remember(dialogue: Dialogue, reading: Reading | None, results: Sequence[Result], *, corrects: bool = False) -> None:
    """Keep what the next sentence may refer to. Replies and talk leave what was spoken of as it is."""
    spoken = [
        result.intention for result in results if not isinstance(result.intention, Reply | Learn | Decide | HandOver)
    ]
    memory = replace(dialogue.memory, question=None)
    if spoken:
        about = tuple(dict.fromkeys(thing for intention in spoken for thing in _things(intention)))
        # What was wrong is taken back once.
        acted = any(isinstance(intention, Act) for intention in spoken)
        asks = [intention for intention in spoken if isinstance(intention, Ask)]
        memory = Memory(
            reading,
            about or memory.entity_ids,
            tuple(dict.fromkeys(thing for ask in asks for thing in ask.entity_ids)) or _left_over(dialogue.memory),
            _earlier(memory, about),
            question=_question(asks[-1], reading, corrects=corrects and not acted) if asks and reading else None,
            planned=dialogue.memory.planned,
        )
    if any(_ends_plan(result.intention) for result in results):
        memory = replace(memory, planned=reading if any(map(_plans, results)) else None)
    dialogue.memory = replace(memory, former=dialogue.former, acted=dialogue.acted)


def _ends_plan(intention: Intention) -> bool:
    """Return whether a time that is said from now on is no longer about what was planned before."""
    return isinstance(intention, Act | Refuse) or (isinstance(intention, Reply) and intention.key != "planned")


def _plans(result: Result) -> bool:
    """Return whether something was planned, or a timer started."""
    act = result.intention
    timed = isinstance(act, Act) and bool(act.delay or act.back_after or act.call.verb == "timer_start")
    return timed and not result.failed and not (isinstance(act, Act) and act.confirm)


def _earlier(memory: Memory, about: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the things of the turns before, without those that are spoken of again."""
    turns = (memory.entity_ids, *memory.earlier) if about and about != memory.entity_ids else memory.earlier
    return tuple(things for things in turns if things)[:MEMORY_TURNS]


def _left_over(memory: Memory) -> tuple[str, ...]:
    """Return what a question that was just answered had offered: "the other one" is among it."""
    return memory.question.entity_ids if memory.question else ()


def _question(ask: Ask, reading: Reading, *, corrects: bool) -> Question:
    return Question(ask.call, ask.key, reading, ask.choices, ask.entity_ids, corrects)


def _things(intention: Intention) -> tuple[str, ...]:
    match intention:
        case Act() | Tell():
            return intention.entity_ids
        case LookUp():
            return intention.step.entity_ids
    return ()
