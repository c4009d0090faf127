"""Count up what was done by voice: turns of the journal, this household's own or an exported one.

A satellite's calls carry no user, so the recorder's database cannot tell them from those of an integration; the journal can.
What was said in the app is in that database already, under the user's name.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..journal.record import BY_HAND, CORRECTED, UNDONE, WRONG, TurnRecord
from .calls import Exposed, read_call

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ..journal import Journal
    from .tally import Tally

_PAGE: Final = 500
_MOST_TURNS: Final = 50_000
_LONGEST: Final = 200_000
"""Characters of one line of an export."""
_MISTAKES: Final = (UNDONE, CORRECTED, BY_HAND)
"""What says that a turn did what nobody wanted."""


async def async_read_journal(journal: Journal, since: datetime, exposed: Exposed, tally: Tally) -> None:
    """Count up what was done by voice since then. Raise HomeAssistantError when the journal cannot be read."""
    before: int | None = None
    for _ in range(_MOST_TURNS // _PAGE):
        turns, more, _total = await journal.async_list("all", "", before, _PAGE)
        for turn in turns:
            if turn.at >= since and turn.source == "satellite":
                add_turn(turn, exposed, tally)
        if not more or not turns or turns[-1].at < since:
            return
        before = turns[-1].id


def read_export(lines: Iterable[str], exposed: Exposed, tally: Tally) -> int:
    """Count up the turns of an exported journal; return how many did something. Raise HomeAssistantError when it is none.

    Single lines that are damaged are left out.
    """
    found = 0
    for number, line in enumerate(lines):
        raw = _parse(line)
        if number == 0 and raw.get("intendant_journal") != 1:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_journal_export")
        if number == 0 or number > _MOST_TURNS:
            continue
        try:
            turn = TurnRecord.from_json(raw)
        except KeyError, TypeError, ValueError, AttributeError:
            continue
        found += add_turn(turn, exposed, tally)
    return found


def add_turn(turn: TurnRecord, exposed: Exposed, tally: Tally) -> bool:
    """Count what a turn did, if that was done, and not by mistake; return whether it was counted."""
    mistaken = turn.mark == WRONG or any(turn.has(kind) for kind in _MISTAKES)
    if turn.decision != "act" or turn.outcome != "done" or mistaken:
        return False
    counted = False
    for step in turn.steps:
        domain, _, service = step.service.partition(".")
        data: dict[str, Any] = {**step.data, "entity_id": list(step.entity_ids)}
        for called in read_call(domain, service, data, exposed):
            tally.add(dt_util.as_local(turn.at), called)
            counted = True
    return counted


def _parse(line: str) -> dict[str, Any]:
    try:
        raw = json.loads(line) if len(line) <= _LONGEST else None
    except ValueError:
        return {}
    return raw if isinstance(raw, dict) else {}
