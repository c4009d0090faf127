"""Covers, with position and tilt where they have them; they arrive at once."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    ATTR_TILT_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature,
)

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys

OPEN, CLOSED = 100, 0


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the covers in."""
    async_add_entities(entry.runtime_data.build("cover", FurnishedCover))


class FurnishedCover(Furnished, CoverEntity):
    """One cover."""

    @override
    def build(self, keys: Keys) -> None:
        if "device_class" in keys:
            self._attr_device_class = CoverDeviceClass(keys["device_class"])
        features = CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP
        if "position" in keys:
            features |= CoverEntityFeature.SET_POSITION
        if "tilt" in keys:
            features |= (
                CoverEntityFeature.OPEN_TILT
                | CoverEntityFeature.CLOSE_TILT
                | CoverEntityFeature.STOP_TILT
                | CoverEntityFeature.SET_TILT_POSITION
            )
        self._attr_supported_features = features

    @override
    def restore(self) -> None:
        self._attr_is_closed = True
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        state = keys.get("state")
        if "position" in keys:
            self._move(int(keys["position"]))
        elif state is not None:
            self._move(CLOSED if state in ("closed", "closing") else OPEN)
        self._attr_is_opening = state == "opening"
        self._attr_is_closing = state == "closing"
        if "tilt" in keys:
            self._attr_current_cover_tilt_position = int(keys["tilt"])

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        self._move(OPEN)
        self.changed()

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        self._move(CLOSED)
        self.changed()

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        self._attr_is_opening = self._attr_is_closing = False
        self.changed()

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        self._move(kwargs[ATTR_POSITION])
        self.changed()

    @override
    async def async_open_cover_tilt(self, **kwargs: Any) -> None:
        self._attr_current_cover_tilt_position = OPEN
        self.changed()

    @override
    async def async_close_cover_tilt(self, **kwargs: Any) -> None:
        self._attr_current_cover_tilt_position = CLOSED
        self.changed()

    @override
    async def async_stop_cover_tilt(self, **kwargs: Any) -> None:
        self.changed()

    @override
    async def async_set_cover_tilt_position(self, **kwargs: Any) -> None:
        self._attr_current_cover_tilt_position = kwargs[ATTR_TILT_POSITION]
        self.changed()

    def _move(self, position: int) -> None:
        """Be there; a cover that knows no positions is open or closed."""
        self._attr_is_closed = position == CLOSED
        self._attr_is_opening = self._attr_is_closing = False
        if CoverEntityFeature.SET_POSITION in self.supported_features:
            self._attr_current_cover_position = position
