"""What lives as long as the config entry is loaded."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

from .dialogue import Dialogues

if TYPE_CHECKING:
    from .engine import Engine
    from .home import HouseKeeper
    from .pins import Pins
    from .schedule import Schedule


@dataclass(slots=True)
class Runtime:
    """The model in service, what is planned, what is being talked about, and the home of each agent."""

    engine: Engine
    schedule: Schedule
    dialogues: Dialogues = field(default_factory=Dialogues)
    houses: dict[str, HouseKeeper] = field(default_factory=dict)
    """Subentry id → the part of the home this agent looks after."""
    pins: dict[str, Pins] = field(default_factory=dict)
    """Subentry id → the PIN of this agent."""


type IntendantConfigEntry = ConfigEntry[Runtime]
