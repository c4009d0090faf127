"""Plan to-do and shopping lists: add, complete, remove and read items."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .intentions import Act, Ask, Intention, LookUp, Step
from .lexicon import load_words
from .plan_switching import problem
from .scope import all_things, find_scope
from .text import lower
from .values import Pointer, Text, Word

if TYPE_CHECKING:
    from .intentions import Situation
    from .scope import Scope
    from .values import Call, Entity, Reading

_SHOPPING = re.compile(r"shop|grocer|买|购物|采购", re.IGNORECASE)
_TASKS = re.compile(r"to.?do|task|chore|待办|任务|事项", re.IGNORECASE)
_NOTHING_SAID = re.compile(
    r"(?:some|a few|an?|one)? ?(?:more )?(?:thing|something|item|stuff|entry)s?|(?:一?[个点些样])?(?:东西|什么|项目?)",
    re.IGNORECASE,
)
"""Items that are none: what shall go on the list was not said yet."""
_SERVICES = {"add": "todo.add_item", "complete": "todo.update_item", "remove": "todo.remove_item"}


def plan_list(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return the steps for the list that is meant; a step's item is matched with what is on the list when it is carried out."""
    if call.targets == (Word("it"),):
        # "Got the hummus, tick it off": it is the item.
        call = replace(call, targets=())
    scope = find_scope(call, reading, situation, ("todo",), None, ("todo",))
    todo = _choose_list(scope, reading, situation)
    if todo is None:
        return problem(call, scope)
    if call.verb == "read":
        step = Step("todo.get_items", (todo.id,), {"status": ["needs_action"]})
        return LookUp(call, "items", step, {"name": todo.name, **_asked(reading)})
    items = [term.text for slot, term in call.slots if slot == "item" and isinstance(term, Text)]
    items = [item for item in items if not _NOTHING_SAID.fullmatch(item)]
    if not items:
        return Ask(call, "which_item", entity_ids=(todo.id,))
    extra: dict[str, object] = {"status": "completed"} if call.verb == "complete" else {}
    others = [entity.id for entity in all_things(scope, situation) if entity.id != todo.id]
    if call.verb != "add" and others and not any(isinstance(term, Pointer | Text) for term in call.targets):
        extra["or_in"] = others
    return Act(
        call, tuple(Step(_SERVICES[call.verb], (todo.id,), {"item": item, **extra}) for item in items), (todo.id,)
    )


def _asked(reading: Reading) -> dict[str, object]:
    """Return what a question wants to know of a list: whether something is on it, or how many things are."""
    words, said = load_words(reading.language)["list_questions"], lower(reading.text).strip(" .?!。？！")
    if re.search(words["how_many"], said):
        return {"count": True}
    found = next((match for pattern in words["is_on"] if (match := re.search(pattern, said))), None)
    item = found["item"].strip() if found else ""
    return {"item": item} if item and not _NOTHING_SAID.fullmatch(item) else {}


def _choose_list(scope: Scope, reading: Reading, situation: Situation) -> Entity | None:
    """Return the list meant: the named one, the one whose sort the sentence speaks of, else the shopping list."""
    lists = all_things(scope, situation)
    if len(lists) < 2:
        return lists[0] if lists else None
    wanted = _TASKS if _TASKS.search(reading.text) and not _SHOPPING.search(reading.text) else _SHOPPING
    named = [entity for entity in lists if wanted.search(f"{entity.name} {' '.join(entity.aliases)} {entity.id}")]
    return named[0] if named else lists[0]
