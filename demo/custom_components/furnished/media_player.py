"""Televisions, speakers and receivers; `search` tells what was asked for, `track` counts along."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.media_player import (
    BrowseMedia,
    MediaClass,
    MediaPlayerDeviceClass,
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
    RepeatMode,
    SearchMedia,
    SearchMediaQuery,
)

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys

CAN = MediaPlayerEntityFeature


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the players in."""
    async_add_entities(entry.runtime_data.build("media_player", FurnishedPlayer))


class FurnishedPlayer(Furnished, MediaPlayerEntity):
    """One player."""

    defaults: ClassVar[Keys] = {
        "state": "off",
        "volume": 0.4,
        "muted": False,
        "shuffle": False,
        "repeat": "off",
        "source": None,
        "title": None,
        "search": None,
        "track": 1,
    }
    _attr_volume_step = 0.1

    @override
    def build(self, keys: Keys) -> None:
        if "device_class" in keys:
            self._attr_device_class = MediaPlayerDeviceClass(keys["device_class"])
        features = CAN.TURN_ON | CAN.TURN_OFF | CAN.PLAY | CAN.PAUSE | CAN.STOP | CAN.NEXT_TRACK | CAN.PREVIOUS_TRACK
        features |= CAN.VOLUME_SET | CAN.VOLUME_STEP | CAN.VOLUME_MUTE
        features |= CAN.PLAY_MEDIA | CAN.SEARCH_MEDIA | CAN.SHUFFLE_SET | CAN.REPEAT_SET
        if sources := keys.get("sources"):
            features |= CAN.SELECT_SOURCE
            self._attr_source_list = [str(source) for source in sources]
        self._attr_supported_features = features

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_state = MediaPlayerState(keys["state"])
        if "volume" in keys:
            self._attr_volume_level = float(keys["volume"])
        if "muted" in keys:
            self._attr_is_volume_muted = bool(keys["muted"])
        if "shuffle" in keys:
            self._attr_shuffle = bool(keys["shuffle"])
        if "repeat" in keys:
            self._attr_repeat = RepeatMode(_word(keys["repeat"]))
        if "source" in keys:
            self._attr_source = keys["source"]
        if "title" in keys:
            self._attr_media_title = keys["title"]
        if "search" in keys or "track" in keys:
            self._search = keys.get("search")
            self._attr_media_track = keys.get("track", 1)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {"search": self._search} if self._search else {}

    @override
    async def async_turn_on(self) -> None:
        self._become(MediaPlayerState.IDLE if self.state is MediaPlayerState.OFF else self.state)

    @override
    async def async_turn_off(self) -> None:
        self._become(MediaPlayerState.OFF)

    @override
    async def async_media_play(self) -> None:
        self._become(MediaPlayerState.PLAYING)

    @override
    async def async_media_pause(self) -> None:
        self._become(MediaPlayerState.PAUSED)

    @override
    async def async_media_stop(self) -> None:
        self._become(MediaPlayerState.IDLE)

    @override
    async def async_media_next_track(self) -> None:
        self._attr_media_track = (self.media_track or 1) + 1
        self.changed()

    @override
    async def async_media_previous_track(self) -> None:
        self._attr_media_track = (self.media_track or 1) - 1
        self.changed()

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        self._attr_volume_level = round(volume, 3)
        self.changed()

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        self._attr_is_volume_muted = mute
        self.changed()

    @override
    async def async_select_source(self, source: str) -> None:
        self._attr_source = source
        self._become(MediaPlayerState.IDLE if self.state is MediaPlayerState.OFF else self.state)

    @override
    async def async_set_shuffle(self, shuffle: bool) -> None:
        self._attr_shuffle = shuffle
        self.changed()

    @override
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        self._attr_repeat = repeat
        self.changed()

    @override
    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        found = BrowseMedia(
            media_class=MediaClass.MUSIC,
            media_content_id=query.search_query,
            media_content_type=MediaType.MUSIC,
            title=query.search_query,
            can_play=True,
            can_expand=False,
        )
        return SearchMedia(result=[found])

    @override
    async def async_play_media(self, media_type: MediaType | str, media_id: str, **kwargs: Any) -> None:
        self._search = self._attr_media_title = media_id
        self._attr_media_track = 1
        self._become(MediaPlayerState.PLAYING)

    def _become(self, state: MediaPlayerState | None) -> None:
        """Change the state."""
        self._attr_state = state
        self.changed()


def _word(value: str | bool) -> str:  # noqa: FBT001 (YAML reads a bare off as false)
    """Return the repeat mode, also where YAML took `off` for a truth value."""
    return "off" if value is False else str(value)
