"""The home as Home Assistant's registries know it, ready for the core; rebuilt when they change.

Reads the exposure that the user set and never writes a default. Like Home Assistant's own gazetteer, a rebuild replaces
the house rather than changing it, so a turn that holds the old one keeps describing what it was understood in.
"""

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.components.conversation import DOMAIN as CONVERSATION
from homeassistant.components.homeassistant.exposed_entities import async_listen_entity_updates
from homeassistant.const import ATTR_DEVICE_CLASS, EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    intent,
    label_registry as lr,
)

from .core.house import House
from .core.values import AREA, Area, Entity, Floor, Home, Label
from .exposure import Exposure

if TYPE_CHECKING:
    from collections.abc import Callable

    from .phrasebook import PhraseBook

CHOICES = (
    "source_list",
    "effect_list",
    "preset_modes",
    "fan_modes",
    "available_modes",
    "options",
    "operation_list",
    "fan_speed_list",
)
"""Attributes that hold the names of choices. Climate's hvac_modes are words of the catalogue already."""
_REGISTRIES = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    fr.EVENT_FLOOR_REGISTRY_UPDATED,
    lr.EVENT_LABEL_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
)
_ENTITY_FIELDS = frozenset(
    {"aliases", "area_id", "device_class", "device_id", "entity_id", "labels", "name", "options", "original_name"}
)
_BATCH = 250
"""Entities read before other work gets its turn."""


class HouseKeeper:
    """Keeps a house in step with the registries. With areas given, only what lies in them or nowhere belongs to it."""

    def __init__(
        self, hass: HomeAssistant, areas: list[str] | None = None, phrasebook: PhraseBook | None = None
    ) -> None:
        """Prepare without reading anything yet. The names in the phrase book are names of things like any other."""
        self._hass = hass
        self._phrasebook = phrasebook
        self._areas = frozenset(areas or ())
        self._house: House | None = None
        self._building = asyncio.Lock()
        self._wanted = 0
        self._built = 0
        # A player that is off does not list its sources: the last list it gave still holds.
        self._choices: dict[str, tuple[str, ...]] = {}

    @callback
    def async_listen(self) -> Callable[[], None]:
        """Follow the changes of the home; return what ends that."""
        listen = self._hass.bus.async_listen
        ends = [listen(event, self._async_invalidate) for event in _REGISTRIES]
        ends += [
            listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_invalidate, event_filter=_entity_matters),
            listen(EVENT_STATE_CHANGED, self._async_invalidate, event_filter=self._state_matters),
            async_listen_entity_updates(self._hass, CONVERSATION, self._async_invalidate),
        ]
        if self._phrasebook:
            ends.append(self._phrasebook.async_listen(self._async_invalidate))

        @callback
        def end() -> None:
            for stop in ends:
                stop()

        return end

    @callback
    def _async_invalidate(self, _event: Event[Any] | None = None) -> None:
        self._wanted += 1

    @callback
    def _state_matters(self, data: EventStateChangedData) -> bool:
        old, new = data["old_state"], data["new_state"]
        if old is None or new is None:
            return True
        if old.attributes is new.attributes:
            return False
        if old.name != new.name or old.attributes.get(ATTR_DEVICE_CLASS) != new.attributes.get(ATTR_DEVICE_CLASS):
            return True
        choices = _choices_of(new)
        return bool(choices) and choices != self._choices.get(new.entity_id, ())

    async def async_house(self) -> House:
        """Return the house, rebuilt if the home has changed."""
        if self._house is not None and self._built == self._wanted:
            return self._house
        async with self._building:
            if self._house is not None and self._built == self._wanted:
                return self._house
            # Noted before the home is read: a change that arrives meanwhile leaves the result behind.
            building = self._wanted
            home = await self._async_read()
            self._house = await self._hass.async_add_executor_job(House, home)
            self._built = building
            return self._house

    async def _async_read(self) -> Home:
        floors = tuple(
            Floor(floor.floor_id, floor.name, tuple(sorted(floor.aliases)), floor.level)
            for floor in fr.async_get(self._hass).async_list_floors()
        )
        areas = tuple(
            Area(area.id, area.name, (*sorted(area.aliases), *self._own_names(AREA + area.id)), area.floor_id)
            for area in ar.async_get(self._hass).async_list_areas()
            if not self._areas or area.id in self._areas
        )
        entities = []
        read = partial(_read_entity, self._hass, er.async_get(self._hass), dr.async_get(self._hass))
        exposure = Exposure(self._hass)
        for count, state in enumerate(self._hass.states.async_all(), 1):
            if exposure.includes(state.entity_id):
                entity = self._with_own_names(read(state, self._known_choices(state)))
                if not self._areas or entity.area_id is None or entity.area_id in self._areas:
                    entities.append(entity)
            if count % _BATCH == 0:
                await asyncio.sleep(0)
        used = {label for entity in entities for label in entity.labels}
        labels = tuple(
            Label(label.label_id, label.name)
            for label in lr.async_get(self._hass).async_list_labels()
            if label.label_id in used
        )
        return Home(areas, floors, labels, tuple(entities))

    def _own_names(self, thing: str) -> list[str]:
        return self._phrasebook.names_of(thing) if self._phrasebook else []

    def _with_own_names(self, entity: Entity) -> Entity:
        names = self._own_names(entity.id)
        return replace(entity, aliases=(*entity.aliases, *names)) if names else entity

    def _known_choices(self, state: State) -> tuple[str, ...]:
        if choices := _choices_of(state):
            self._choices[state.entity_id] = choices
        return self._choices.get(state.entity_id, ())


@callback
def _entity_matters(data: er.EventEntityRegistryUpdatedData) -> bool:
    return data["action"] != "update" or not _ENTITY_FIELDS.isdisjoint(data["changes"])


def _choices_of(state: State) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for attribute in CHOICES:
        choices = state.attributes.get(attribute)
        if isinstance(choices, list | tuple):
            found.update((str(choice), None) for choice in choices)
    return tuple(found)


def _read_entity(
    hass: HomeAssistant, entities: er.EntityRegistry, devices: dr.DeviceRegistry, state: State, choices: tuple[str, ...]
) -> Entity:
    entry = entities.async_get(state.entity_id)
    names = [" ".join(name.split()) for name in intent.async_get_entity_aliases(hass, entry, state=state)]
    # What the dashboard shows is what people see, unless the user took it off the list of names.
    if not any(names) or (entry is not None and er.COMPUTED_NAME in entry.aliases):
        names.append(state.name)
    distinct: dict[str, str] = {}
    for spoken in filter(None, names):
        distinct.setdefault(spoken.casefold(), spoken)
    name, *aliases = distinct.values()
    return Entity(
        state.entity_id,
        name,
        tuple(aliases),
        er.async_get_effective_area_id(hass, entry) if entry else None,
        state.attributes.get(ATTR_DEVICE_CLASS),
        _labels_of(entry, devices),
        choices,
    )


def _labels_of(entry: er.RegistryEntry | None, devices: dr.DeviceRegistry) -> tuple[str, ...]:
    if entry is None:
        return ()
    device = devices.async_get(entry.device_id) if entry.device_id else None
    return tuple(sorted(entry.labels | (device.labels if device else set())))
