"""Plan `play`: go on playing, or search for what was asked and play it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intentions import Act, Intention, Refuse, Step
from .plan_switching import plan_switching, problem
from .scope import all_things, find_scope
from .values import Text
from .wanted import Wanted

if TYPE_CHECKING:
    from .intentions import Situation
    from .scope import Scope
    from .values import Call, Entity, Reading

_SEARCH = 4194304
_ORDER = ("media_player.speaker", "media_player.receiver", "media_player.tv", "media_player")


def plan_play(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return the services that play something; without a wish the paused player goes on."""
    query, source = call.slot("query"), call.slot("source")
    if not isinstance(query, Text) and source is None:
        return plan_switching(call, reading, situation)
    scope = find_scope(call, reading, situation, _ORDER, None, ("media_player",))
    player = _choose_player(scope, situation)
    if player is None:
        return problem(call, scope)
    if source is not None and not isinstance(query, Text):
        return _play_source(
            call, source_wanted=Wanted.from_term(call, "source", source, reading), player=player, situation=situation
        )
    words = query.text if isinstance(query, Text) else ""
    state = situation.states(player.id)
    sources = state.attributes.get("source_list") if state else None
    if isinstance(sources, (list, tuple)) and (choice := Wanted(call, "source", text=words).match(sources)):
        return Act(call, (Step("media_player.select_source", (player.id,), {"source": choice}),), (player.id,), None)
    steps = [Step("media_player.search_and_play", (player.id,), {"search_query": words})]
    wished = Wanted.from_term(call, "source", source, reading) if source is not None else None
    if wished and isinstance(sources, (list, tuple)) and (choice := wished.match(sources)):
        steps.insert(0, Step("media_player.select_source", (player.id,), {"source": choice}))
    return Act(call, tuple(steps), (player.id,), None)


def _play_source(call: Call, source_wanted: Wanted, player: Entity, situation: Situation) -> Intention:
    state = situation.states(player.id)
    sources = state.attributes.get("source_list") if state else None
    sources = list(map(str, sources)) if isinstance(sources, (list, tuple)) else []
    if choice := source_wanted.match(sources):
        return Act(call, (Step("media_player.select_source", (player.id,), {"source": choice}),), (player.id,), None)
    if source_wanted.text:
        return Act(
            call,
            (Step("media_player.search_and_play", (player.id,), {"search_query": source_wanted.text}),),
            (player.id,),
            None,
        )
    return Refuse(call, "no_option", {"name": player.name, "option": source_wanted.word or "", "options": sources})


def _choose_player(scope: Scope, situation: Situation) -> Entity | None:
    """Return the one player that shall play: a loudspeaker rather than a television, one that can search, one that is on."""
    things = all_things(scope, situation)
    if scope.problem == "which":
        playing = ("playing", "paused")
        things = [thing for thing in things if (state := situation.states(thing.id)) and state.state in playing]
        things = things if len(things) == 1 else []

    def rank(thing: Entity) -> tuple[bool, bool]:
        state = situation.states(thing.id)
        features = state.attributes.get("supported_features", 0) if state else 0
        return not (isinstance(features, int) and features & _SEARCH), thing.device_class == "tv"

    return min(things, key=rank, default=None)
