"""What is being talked about: the turn before, a question that waits for its answer, what could be undone.

Kept for a conversation and, since a satellite starts a new conversation with every wake word, for the satellite as well.
Forgotten after three minutes, and never written anywhere.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .const import MEMORY_SECONDS
from .core.intentions import Act, Memory, Step

if TYPE_CHECKING:
    from .core.lesson import Heard
    from .restore import Former

_MOST = 200


@dataclass(slots=True)
class Dialogue:
    """One conversation."""

    user_id: str | None = None
    memory: Memory = field(default_factory=Memory)
    pending: tuple[Act, ...] = ()
    """Acts that wait for a yes."""
    former: Former = field(default_factory=dict)
    """How the things of the last acting turn were before it."""
    inverse: tuple[Step, ...] = ()
    """Steps that take back what no state shows."""
    beyond: tuple[str, ...] = ()
    """Things of the last acting turn with which something was done that cannot be taken back."""
    plan_ids: tuple[str, ...] = ()
    """What the turn before planned for later."""
    acted: bool = False
    """Whether the turn before did something that a correction would take back."""
    said: str = ""
    """The answer to the turn before."""
    heard: Heard | None = None
    """The turn before, for a correction to teach something about it."""
    suggested: tuple[str, ...] = ()
    """Ids of the habits that were offered, the last one last."""
    handed_over: bool = False
    """Whether the question that waits for its answer is the other agent's."""
    touched: datetime = field(default_factory=dt_util.utcnow)

    def begin(self, former: Former) -> None:
        """Begin a turn that does something: only that one can be undone. `former` is what is known of it already."""
        self.former, self.inverse, self.beyond, self.plan_ids, self.acted = former, (), (), (), True

    @property
    def forgotten(self) -> bool:
        """Return whether it is too long ago to go on with."""
        return dt_util.utcnow() - self.touched > timedelta(seconds=MEMORY_SECONDS)


class Dialogues:
    """All conversations of the last minutes."""

    def __init__(self) -> None:
        """Begin without any."""
        self._dialogues: dict[str, Dialogue] = {}

    def __len__(self) -> int:
        return len({id(dialogue) for dialogue in self._dialogues.values() if not dialogue.forgotten})

    @callback
    def async_get(self, conversation_id: str, place: str | None, user_id: str | None) -> Dialogue:
        """Return the conversation, or what was said last at this place (satellite or device), or a new one.

        Nobody goes on with another user's conversation.
        """
        self._async_forget()
        keys = [conversation_id, *([place] if place else [])]
        found = (self._dialogues.get(key) for key in keys)
        dialogue = next((known for known in found if known and known.user_id == user_id), None) or Dialogue(user_id)
        dialogue.touched = dt_util.utcnow()
        for key in keys:
            # The newest stands last, so that the oldest goes first.
            self._dialogues.pop(key, None)
            self._dialogues[key] = dialogue
        return dialogue

    @callback
    def _async_forget(self) -> None:
        kept = {key: dialogue for key, dialogue in self._dialogues.items() if not dialogue.forgotten}
        self._dialogues = dict([*kept.items()][-_MOST:])
