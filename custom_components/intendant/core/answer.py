"""Word what was done, what is asked back and what was found out, as one short answer in the speaker's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answer_acts import word_acts
from .answer_habits import word_decided
from .answer_lookups import word_look_up
from .answer_replies import is_only_doubtful, word_ask, word_lesson, word_meant, word_refusal, word_reply
from .answer_tells import word_tell
from .intentions import Act, Ask, Decide, HandOver, Learn, LookUp, Refuse, Reply, Tell
from .languages import phrases_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .intentions import Result, Situation
    from .phrases import Phrases


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said; `asks` is true when the microphone shall stay open for a reply."""

    text: str
    asks: bool = False


def word_answer(results: Sequence[Result], situation: Situation) -> Answer:
    """Return the answer to all results of a turn: what was done first, questions back last."""
    phrases = phrases_of(situation.language)
    if situation.brevity != "full" and all(_is_plain(result) for result in results):
        return Answer(
            "" if situation.brevity == "silent" and _in_the_room(results, situation) else phrases.word("misc", "ok")
        )
    done = [result for result in results if isinstance(result.intention, Act) and not result.intention.confirm]
    sentences = word_acts(done, situation, phrases) if done else []
    meant = [result.intention for result in results if is_only_doubtful(result.intention, situation)]
    acts = [act for act in meant if isinstance(act, Act)]
    questions = [word_meant(acts, situation, phrases)] if acts else []
    for result in results:
        if result.intention in meant:
            continue
        match result.intention:
            case Act(confirm=True) | Ask():
                questions.append(word_ask(result.intention, situation, phrases))
            case Act():
                pass
            case _:
                sentences.append(_word(result, situation, phrases))
    once = dict.fromkeys(phrases.sentence(text) for text in [*sentences, *questions] if text)
    said = [phrases.vary(sentence, situation.memory.said) for sentence in once]
    return Answer(phrases.gap.join(said), asks=bool(questions))


def _is_plain(result: Result) -> bool:
    """Return whether something was done at once and as it was said, so that nobody needs to hear what."""
    act = result.intention
    if not isinstance(act, Act) or act.confirm or act.delay or act.back_after or act.left_out or result.failed:
        return False
    asks = any(step.service == "intent.HassTimerStatus" for step in act.steps)
    return not asks and set(act.unchanged) != set(act.entity_ids or ("nothing",))


def _in_the_room(results: Sequence[Result], situation: Situation) -> bool:
    """Return whether everything that was done can be seen or heard where the speaker is."""
    ids = [i for result in results if isinstance(result.intention, Act) for i in result.intention.entity_ids or ("",)]
    things = [situation.house.entities.get(i) for i in ids]
    return situation.area_id is not None and all(thing and thing.area_id == situation.area_id for thing in things)


def _word(result: Result, situation: Situation, phrases: Phrases) -> str:  # noqa: PLR0911 - one return per kind
    match result.intention:
        case Tell():
            return word_tell(result.intention, situation, phrases)
        case LookUp():
            return word_look_up(result, situation, phrases)
        case Refuse():
            return word_refusal(result.intention, phrases)
        case Reply():
            return word_reply(result, situation, phrases)
        case Learn():
            return word_lesson(result.intention, situation, phrases)
        case Decide():
            return word_decided(result.intention, phrases)
        case HandOver():
            return phrases.fill("misc", "not_for_the_house")
    return ""
