"""Weather with a daily forecast."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, override

from homeassistant.components.weather import Forecast, WeatherEntity, WeatherEntityFeature
from homeassistant.const import UnitOfSpeed, UnitOfTemperature
from homeassistant.util import dt as dt_util

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the weather in."""
    async_add_entities(entry.runtime_data.build("weather", FurnishedWeather))


class FurnishedWeather(Furnished, WeatherEntity):
    """One place's weather."""

    defaults: ClassVar[Keys] = {"state": "cloudy", "temperature": 15, "humidity": 60, "wind_speed": 10, "forecast": []}
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_native_wind_speed_unit = UnitOfSpeed.KILOMETERS_PER_HOUR
    _attr_supported_features = WeatherEntityFeature.FORECAST_DAILY

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_condition = keys["state"]
        if "temperature" in keys:
            self._attr_native_temperature = float(keys["temperature"])
        if "humidity" in keys:
            self._attr_humidity = float(keys["humidity"])
        if "wind_speed" in keys:
            self._attr_native_wind_speed = float(keys["wind_speed"])
        if "forecast" in keys:
            self._forecast = [_day(entry) for entry in keys["forecast"]]

    @override
    async def async_forecast_daily(self) -> list[Forecast]:
        return self._forecast


def _day(entry: Keys) -> Forecast:
    """Return the day that an entry of the file describes."""
    noon = dt_util.now().replace(hour=12, minute=0, second=0, microsecond=0)
    day = Forecast(datetime=(noon + timedelta(days=int(entry["in_days"]))).isoformat())
    day["condition"] = entry.get("condition")
    day["native_temperature"] = entry.get("high")
    day["native_templow"] = entry.get("low")
    return day
