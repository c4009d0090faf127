"""Carry out the intentions of a turn in their order, and remember what the next sentence may refer to."""

from dataclasses import replace
from typing import TYPE_CHECKING

from .act import async_look_up
from .core.intentions import Act, Ask, HandOver, Intention, LookUp, Memory, Reply, Result, Tell
from .replies import async_reply
from .turn import Turn, async_do, async_do_or_ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .core.values import Reading
    from .dialogue import Dialogue


async def async_carry_out(turn: Turn, intentions: Sequence[Intention]) -> list[Result]:
    """Carry out intentions; return what came of each."""
    dialogue = turn.dialogue
    # A reply answers the question before; anything else leaves that question behind.
    pending, dialogue.pending = dialogue.pending, ()
    confirmed = any(isinstance(intention, Reply) and intention.key == "yes" for intention in intentions)
    if (confirmed and pending) or any(isinstance(intention, Act) for intention in intentions):
        dialogue.former, dialogue.inverse, dialogue.plan_ids = {}, (), ()
    results: list[Result] = []
    for intention in intentions:
        match intention:
            case Act():
                results.append(await async_do_or_ask(turn, intention))
            case LookUp():
                outcome = await async_look_up(turn.hass, intention.step, turn.speaker)
                results.append(Result(intention, outcome.failed, outcome.response))
            case Reply(key="yes") if pending:
                results += [await async_do(turn, replace(act, confirm=False)) for act in pending]
                pending = ()
            case Reply():
                results += await async_reply(turn, intention, pending)
                pending = ()
            case _:
                results.append(Result(intention))
    return results


def remember(dialogue: Dialogue, reading: Reading | None, results: Sequence[Result]) -> None:
    """Keep what the next sentence may refer to. Replies and talk leave what was spoken of as it is."""
    spoken = [result.intention for result in results if not isinstance(result.intention, Reply | HandOver)]
    memory = dialogue.memory
    if spoken:
        about = [thing for intention in spoken for thing in _things(intention)]
        others = [thing for intention in spoken if isinstance(intention, Ask) for thing in intention.entity_ids]
        memory = Memory(reading, tuple(dict.fromkeys(about)), tuple(dict.fromkeys(others)))
    dialogue.memory = replace(memory, former=dialogue.former)


def _things(intention: Intention) -> tuple[str, ...]:
    match intention:
        case Act() | Tell():
            return intention.entity_ids
        case LookUp():
            return intention.step.entity_ids
    return ()
