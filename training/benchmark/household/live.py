"""One week of the household: every turn is said at its time, judged by effect, and reacted to."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.state import async_reproduce_state
from homeassistant.util import dt as dt_util

from custom_components.intendant.core.text import clean
from training.benchmark.score import ASKED, NOTHING, RIGHT, score

from .answers import is_answered
from .people import BY_HAND, IGNORE, MARK, Reaction, meant_of, react

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import State

    from .house import Lived
    from .plain import PlainWords
    from .weeks import Turn

_NOT_BY_HAND = frozenset({"intendant", "conversation", "assist_satellite", "notify", "persistent_notification", "tts"})
"""Domains of services that are nobody's switch."""
_LATEST = 20


@dataclass(slots=True)
class Week:
    """A week that is being lived. `ideal`: what came of each turn, by number, when it was read ideally; None in that very week."""

    lived: Lived
    words: PlainWords
    ideal: Mapping[int, dict[str, Any]] | None
    means: list[str]
    seed: int

    async def live(self, turn: Turn) -> dict[str, Any]:
        """Say a turn, judge it and let the speaker react; return what came of it."""
        case = turn.case
        await self.lived.put_back(case.data.get("before") or {}, turn.at)
        # A satellite does not know who speaks; the phone does.
        self.lived.collector.user_id = None if "from" in turn.data else self.lived.users[turn.who].id
        states = self._states()
        last = (await self.lived.collector.say(case))[-1]
        verdict, why = score(last, self.means)
        came = {
            "number": turn.number,
            "who": turn.who,
            "kind": turn.data["kind"],
            "language": turn.language,
            "verdict": verdict,
            "why": why,
            "reply": last["reply"],
        }
        if self.ideal is None:
            return {**came, "calls": last["calls"]}
        ideal = self.ideal[turn.number]
        if turn.is_question and verdict == RIGHT and not is_answered(last["reply"], ideal["reply"]):
            came["verdict"] = ASKED if last["asks"] else NOTHING
        if came["verdict"] == RIGHT:
            return came
        return {**came, **await self._react(turn, last, {**came, "calls": ideal["calls"]}, states)}

    async def _react(
        self, turn: Turn, last: dict[str, Any], came: dict[str, Any], states: Mapping[str, State]
    ) -> dict[str, Any]:
        """Let the speaker react; return what they did, and for a mark on the page what is needed for it."""
        moved = [thing for thing in last["moved"] if thing in states]
        hands = _by_hand(came["calls"])
        reaction = react(turn, {**came, "moved": moved, "hands": bool(hands or moved)}, self.words, self.seed)
        if reaction.kind == IGNORE:
            return {"reaction": IGNORE}
        found: dict[str, Any] = {"reaction": reaction.kind}
        if reaction.kind == MARK:
            return {**found, "mark": await self._to_mark(turn, reaction)}
        await self.lived.wait_until(dt_util.utcnow() + timedelta(seconds=reaction.after))
        if reaction.says:
            reply, _ = await self.lived.collector.talk(turn.case).say(reaction.says)
            return {**found, "says": reaction.says, "answered": reply}
        if reaction.kind == BY_HAND:
            expected = turn.data.get("expect") or {}
            await self._put_right(turn.who, [states[thing] for thing in moved if thing not in expected], hands)
        return found

    async def _put_right(self, who: str, former: Sequence[State], calls: Sequence[dict[str, Any]]) -> None:
        """Undo by hand what was wrong, then do by hand what was wanted."""
        hass, context = self.lived.hass, self.lived.by(who)
        with suppress(HomeAssistantError, ValueError):
            await async_reproduce_state(hass, former, context=context)
        for call in calls:
            domain, _, service = call["service"].partition(".")
            with suppress(HomeAssistantError):
                await hass.services.async_call(domain, service, dict(call["data"]), blocking=True, context=context)
        await hass.async_block_till_done()

    async def _to_mark(self, turn: Turn, reaction: Reaction) -> dict[str, Any] | None:
        """Return what somebody will mark on the page at the week's end: which turn, and what was meant."""
        with suppress(KeyError):
            turns = (await self.lived.page.ask("journal/list", limit=_LATEST))["turns"]
            found = next((kept["id"] for kept in turns if kept["utterance"] == clean(turn.say)), None)
            if found is not None:
                return {"turn_id": found, "meant": meant_of(turn), "remember": reaction.remember}
        return None

    def _states(self) -> dict[str, State]:
        entities = self.lived.running.house.entities
        return {thing: state for thing in entities if (state := self.lived.hass.states.get(thing))}


def _by_hand(calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the service calls that somebody can make with their hands."""
    return [call for call in calls if call["service"].partition(".")[0] not in _NOT_BY_HAND]


async def mark_on_page(lived: Lived, rows: Sequence[dict[str, Any]]) -> int:
    """Mark on the page, at the week's end, the turns that people meant to mark; return how many."""
    marks = [row["mark"] for row in rows if row.get("mark")]
    for mark in marks:
        fields = {"meant": mark["meant"], "remember": mark["remember"]} if mark["meant"] else {}
        await lived.page.ask("journal/mark", turn_id=mark["turn_id"], mark="wrong", **fields)
    return len(marks)
