"""Robot vacuums; `cleaning` names the areas one was sent to, `located` counts how often it was called."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.vacuum import Segment, StateVacuumEntity, VacuumActivity, VacuumEntityFeature
from homeassistant.helpers import entity_registry as er

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the vacuums in."""
    async_add_entities(entry.runtime_data.build("vacuum", FurnishedVacuum))


class FurnishedVacuum(Furnished, StateVacuumEntity):
    """One robot vacuum."""

    defaults: ClassVar[Keys] = {"state": "docked", "cleaning": [], "located": 0}

    @override
    def build(self, keys: Keys) -> None:
        self._areas = [str(area) for area in keys.get("areas") or ()]
        features = (
            VacuumEntityFeature.STATE
            | VacuumEntityFeature.START
            | VacuumEntityFeature.PAUSE
            | VacuumEntityFeature.STOP
            | VacuumEntityFeature.RETURN_HOME
            | VacuumEntityFeature.LOCATE
            | VacuumEntityFeature.CLEAN_SPOT
        )
        if speeds := keys.get("fan_speeds"):
            features |= VacuumEntityFeature.FAN_SPEED
            self._attr_fan_speed_list = [str(speed) for speed in speeds]
            self._attr_fan_speed = str(keys.get("fan_speed", speeds[0]))
        if self._areas:
            features |= VacuumEntityFeature.CLEAN_AREA
        self._attr_supported_features = features

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_activity = VacuumActivity(keys["state"])
        if "fan_speed" in keys:
            self._attr_fan_speed = str(keys["fan_speed"])
        if "cleaning" in keys:
            self._cleaning = list(keys["cleaning"])
        if "located" in keys:
            self._located = int(keys["located"])

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {"cleaning": self._cleaning, "located": self._located}

    @override
    async def async_added_to_hass(self) -> None:
        """Map each area to one segment, as a user would in the map dialog."""
        await super().async_added_to_hass()
        if self._areas:
            er.async_get(self.hass).async_update_entity_options(
                self.entity_id, "vacuum", {"area_mapping": {area: [area] for area in self._areas}}
            )

    @override
    async def async_get_segments(self) -> list[Segment]:
        return [Segment(id=area, name=area) for area in self._areas]

    @override
    async def async_clean_segments(self, segment_ids: list[str], **kwargs: Any) -> None:
        self._become(VacuumActivity.CLEANING, segment_ids)

    @override
    async def async_start(self) -> None:
        self._become(VacuumActivity.CLEANING, self._cleaning)

    @override
    async def async_pause(self) -> None:
        self._become(VacuumActivity.PAUSED, self._cleaning)

    @override
    async def async_stop(self, **kwargs: Any) -> None:
        self._become(VacuumActivity.IDLE, [])

    @override
    async def async_return_to_base(self, **kwargs: Any) -> None:
        self._become(VacuumActivity.RETURNING, [])

    @override
    async def async_clean_spot(self, **kwargs: Any) -> None:
        self._become(VacuumActivity.CLEANING, [])

    @override
    async def async_locate(self, **kwargs: Any) -> None:
        self._located += 1
        self.changed()

    @override
    async def async_set_fan_speed(self, fan_speed: str, **kwargs: Any) -> None:
        self._attr_fan_speed = fan_speed
        self.changed()

    def _become(self, activity: VacuumActivity, cleaning: list[str]) -> None:
        """Change what it does and where."""
        self._attr_activity, self._cleaning = activity, list(cleaning)
        self.changed()
