"""What is known when a turn has been answered → its record. Works on the event loop, so it only looks at what is at hand."""

from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from homeassistant.helpers.intent import IntentResponseType
from homeassistant.util import dt as dt_util

from ..core.catalog import load_catalog
from ..core.digits import spoken_pin
from ..core.encode import write_previous
from ..core.intentions import Act, Ask, HandOver, LookUp, Refuse, Reply, Result, Tell
from ..core.lexicon import LANGUAGES
from ..core.mend import mend
from ..core.notation import format_calls
from ..core.text import clean
from ..core.values import Call, Pointer, Term, Text
from .record import HIDDEN, CalledStep, NamedStretch, TurnRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.components.conversation import ConversationInput, ConversationResult

    from ..core.intentions import Intention, Situation, Step
    from ..core.interpret import Interpretation
    from ..core.values import Mark, Reading

_SECRET = frozenset({"code", "pin"})
_MOST_REFS = 24
_DECISIONS: dict[type, str] = {
    Act: "act",
    Ask: "ask",
    Tell: "tell",
    LookUp: "tell",
    Refuse: "refuse",
    Reply: "reply",
    HandOver: "hand_over",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that has been answered."""

    user_input: ConversationInput
    conversation_id: str
    agent: str
    """Who answered."""
    situation: Situation
    understood: Interpretation | None = None
    results: Sequence[Result] = ()
    answer: str = ""
    bundle: str = ""
    handed_over: bool = False
    pin: bool = False
    """Whether it was a PIN: no word of it is kept."""
    failed: str | None = None
    """Why the turn as a whole failed."""

    @property
    def hidden(self) -> bool:
        """Return whether no word of it may be kept."""
        return self.pin or spoken_pin(self.user_input.text, self.situation.language) is not None

    @property
    def reading(self) -> Reading | None:
        """Return what was read."""
        return self.understood.reading if self.understood and not self.hidden else None

    @property
    def completes(self) -> bool:
        """Return whether it has a meaning only together with the turn before: an answer, another time."""
        memory, reading = self.situation.memory, self.reading
        if reading is None or is_own(reading, self.user_input.text):
            return False
        earlier = [memory.question.reading if memory.question else None, memory.planned]
        return any(first and reading.text.startswith(first.text) for first in earlier)

    @property
    def replies(self) -> bool:
        """Return whether it is no wish of its own: an answer, a PIN, yes, no, undo."""
        said = [call.verb for call in self.reading.calls] if self.reading else []
        return self.hidden or self.completes or _decision(self.results)[0] == "reply" or said in (["yes"], ["no"])


def handed_over(heard: Heard, agent: str, result: ConversationResult) -> Heard:
    """Return a turn that another agent answered, or failed at."""
    response = result.response
    failed = None
    if response.response_type is IntentResponseType.ERROR:
        failed = response.error_code.value if response.error_code else "unknown"
    speech = response.speech.get("plain", {}).get("speech", "")
    return replace(heard, agent=agent, handed_over=True, answer=speech, failed=failed)


def compose(turn_id: int, heard: Heard) -> TurnRecord:
    """Return the record of a turn."""
    user_input, situation = heard.user_input, heard.situation
    satellite = user_input.satellite_id or (user_input.device_id if user_input.context.user_id is None else None)
    record = TurnRecord(
        turn_id,
        dt_util.utcnow(),
        heard.agent,
        short(heard.conversation_id),
        situation.language,
        situation.area_id,
        "satellite" if satellite else "app",
        HIDDEN if heard.hidden else clean(user_input.text),
        before=write_previous(situation.memory.reading) if situation.memory.reading and not heard.hidden else "",
        answer=heard.answer,
        bundle=heard.bundle,
    )
    if heard.reading:
        record = _with_reading(record, heard.reading, user_input.text)
    if heard.failed and not heard.handed_over:
        return replace(record, decision="error", reason=heard.failed, outcome="failed")
    if heard.handed_over:
        outcome = "failed" if heard.failed else "done"
        return replace(record, decision="hand_over", reason=heard.failed, outcome=outcome)
    decision, reason = _decision(heard.results)
    steps = tuple(_called(step) for result in heard.results for step in _steps(result.intention))
    outcome, failure = _outcome(decision, heard.results)
    return replace(record, decision=decision, reason=failure or reason, steps=steps, outcome=outcome)


def prepare() -> None:
    """Read from disk what composing needs. Blocks."""
    mend("灯")
    load_catalog()
    for language in LANGUAGES:
        spoken_pin("", language)


def short(conversation_id: str) -> str:
    """Return what tells one conversation from another and nothing more."""
    return blake2s(conversation_id.encode(), digest_size=5).hexdigest()


def is_own(reading: Reading, said: str) -> bool:
    """Return whether a reading is of this very sentence and all its marks lie in it: not of another that it completes or stands for."""
    cleaned = clean(said)
    if reading.text != cleaned and (len(reading.text) != len(cleaned) or reading.text != mend(cleaned)):
        return False
    # What was carried over from the turn before has its mark in the sentence before.
    ends = [0, *(mark.end for mark in reading.marks)]
    return ends[-1] <= len(cleaned) and all(mark.start >= end for mark, end in zip(reading.marks, ends, strict=False))


def _with_reading(record: TurnRecord, reading: Reading, said: str) -> TurnRecord:
    own = is_own(reading, said)
    calls = reading.calls if own else [_by_type(call, reading.marks) for call in reading.calls]
    return replace(
        record,
        marks=tuple(map(_stretch, reading.marks)) if own else (),
        reading=format_calls(calls),
        confidence=round(reading.confidence, 4),
        weakest=round(reading.weakest, 4),
        outside=round(reading.outside, 4),
    )


def _stretch(mark: Mark) -> NamedStretch:
    return mark.start, mark.end, mark.types, tuple((ref.kind, ref.id) for ref in mark.refs[:_MOST_REFS])


def _by_type(call: Call, marks: Sequence[Mark]) -> Call:
    """Return a call whose pointers say what type of thing they point to, since what they point to is not in the utterance."""

    def plain(term: Term) -> Term:
        match term:
            case Pointer(int(number)) if 0 < number <= len(marks):
                return Pointer(marks[number - 1].types[0])
            case Text():
                return Text("text")
        return term

    return replace(
        call,
        targets=tuple(map(plain, call.targets)),
        excepts=tuple(map(plain, call.excepts)),
        slots=tuple((name, plain(term)) for name, term in call.slots),
    )


def _decision(results: Sequence[Result]) -> tuple[str, str | None]:
    """Return what was decided, by the weightiest of the intentions, and its key."""
    found = [_decision_of(result.intention) for result in results]
    for decision in ("act", "ask", "tell", "refuse", "reply", "hand_over"):
        for kind, reason in found:
            if kind == decision:
                return decision, reason
    return "none", None


def _decision_of(intention: Intention) -> tuple[str, str | None]:
    if isinstance(intention, Act) and intention.confirm:
        return "ask", "doubtful" if intention.doubtful else "pin" if intention.pin else "confirm"
    # To learn words is about the conversation, too.
    decision = _DECISIONS.get(type(intention), "reply")
    reason = getattr(intention, "key", type(intention).__name__.lower())
    return decision, reason if decision in ("ask", "refuse", "reply") else None


def _steps(intention: Intention) -> tuple[Step, ...]:
    match intention:
        case Act(confirm=False):
            return intention.steps
        case LookUp():
            return (intention.step,)
    return ()


def _called(step: Step) -> CalledStep:
    data: dict[str, Any] = {name: value for name, value in step.data.items() if name not in _SECRET}
    return CalledStep(step.service, step.entity_ids, data)


def _outcome(decision: str, results: Sequence[Result]) -> tuple[str, str | None]:
    """Return what came of a turn, and why it failed if all of it did."""
    if decision == "ask":
        return "waiting", None
    if decision not in ("act", "tell", "reply"):
        return "none", None
    about = [result for result in results if not isinstance(result.intention, Refuse | Ask)]
    if about and all(map(_is_failure, about)):
        return "failed", next(reason for result in about for reason in result.failed.values())
    acts = [result.intention for result in results if isinstance(result.intention, Act)]
    if acts and all(act.delay for act in acts):
        return "waiting", None
    nothing = decision == "reply" and all((result.response or {}).get("count") == 0 for result in about)
    return "none" if nothing else "done", None


def _is_failure(result: Result) -> bool:
    things = result.intention.entity_ids if isinstance(result.intention, Act) else ()
    return bool(result.failed) and all(thing in result.failed for thing in things if "." in thing)
