"""What all furnished entities share: they are built from a piece, can be put into any state, and go back."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity

from .home import Home, Keys, Piece, as_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Furnished(Entity):
    """An entity whose state is whatever was last put into it."""

    _attr_should_poll = False
    defaults: ClassVar[Keys] = {}
    added = False

    def __init__(self, piece: Piece, house: House) -> None:
        """Build the entity and put it into its first state."""
        self.piece = piece
        self.house = house
        self.entity_id = piece.id
        self._attr_unique_id = piece.id
        self._attr_name = piece.name
        self.build(piece.keys)
        self.restore()

    def build(self, keys: Keys) -> None:
        """Set what never changes: features, ranges, options."""

    def put(self, keys: Keys) -> None:
        """Take over the keys that are given and leave the others."""

    @callback
    def restore(self) -> None:
        """Go back to the first state."""
        self._attr_available = self.piece.available
        self.put({**self.defaults, **self.piece.keys})

    @override
    async def async_internal_added_to_hass(self) -> None:
        await super().async_internal_added_to_hass()
        self.added = True

    @callback
    def changed(self) -> None:
        """Tell Home Assistant, once it knows this entity."""
        if self.added:
            self.async_write_ha_state()


class House:
    """All entities of one home, by id."""

    def __init__(self, home: Home) -> None:
        """Begin with an empty house."""
        self.home = home
        self.entities: dict[str, Furnished] = {}

    def build(self, domain: str, make: Callable[[Piece, House], Furnished]) -> list[Furnished]:
        """Make the entities of one domain."""
        entities = [make(piece, self) for piece in self.home.of_domain(domain)]
        self.entities.update({entity.piece.id: entity for entity in entities})
        return entities

    @callback
    def apply(self, changes: Mapping[str, Any]) -> None:
        """Put each entity named into the state given for it."""
        for entity_id, value in changes.items():
            entity = self.entities[entity_id]
            entity.put(as_keys(value))
            entity.changed()

    @callback
    def restore(self) -> None:
        """Put the whole house back into its first state."""
        for entity in self.entities.values():
            entity.restore()
            entity.changed()
