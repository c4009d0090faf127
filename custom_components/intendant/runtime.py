"""What lives as long as the config entry is loaded."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

from .dialogue import Dialogues

if TYPE_CHECKING:
    from .engine import Engine
    from .home import HouseKeeper
    from .journal import Journal
    from .phrasebook import PhraseBook
    from .pins import Pins
    from .schedule import Schedule
    from .usage import UsageKeeper
    from .versions import Versions


@dataclass(slots=True)
class Runtime:
    """The model in service, what is planned, the household's own words, what is being talked about, and the home of each agent."""

    engine: Engine
    schedule: Schedule
    phrasebook: PhraseBook
    usage: UsageKeeper
    dialogues: Dialogues = field(default_factory=Dialogues)
    houses: dict[str, HouseKeeper] = field(default_factory=dict)
    """Subentry id → the part of the home this agent looks after."""
    pins: dict[str, Pins] = field(default_factory=dict)
    """Subentry id → the PIN of this agent."""
    journal: Journal | None = None
    versions: Versions | None = None
    set_up_with: tuple[object, ...] = ()
    """Data, options and subentries of the entry, but for what concerns the journal: when they change, the entry is reloaded."""


type IntendantConfigEntry = ConfigEntry[Runtime]
