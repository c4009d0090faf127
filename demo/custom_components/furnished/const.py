"""Names that several files share."""

from homeassistant.const import Platform

DOMAIN = "furnished"
CONF_HOME = "home"
ASSISTANT = "conversation"
# The voice device that stands in no area.
PHONE = "phone"

EVENT_ANNOUNCED = "furnished_announced"
EVENT_ASKED = "furnished_asked"
EVENT_TIMER = "furnished_timer"

PLATFORMS = [
    Platform.ALARM_CONTROL_PANEL,
    Platform.ASSIST_SATELLITE,
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CLIMATE,
    Platform.COVER,
    Platform.FAN,
    Platform.HUMIDIFIER,
    Platform.LAWN_MOWER,
    Platform.LIGHT,
    Platform.LOCK,
    Platform.MEDIA_PLAYER,
    Platform.NUMBER,
    Platform.SCENE,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SIREN,
    Platform.SWITCH,
    Platform.TODO,
    Platform.VACUUM,
    Platform.VALVE,
    Platform.WATER_HEATER,
    Platform.WEATHER,
]
