"""Ears, a voice and an assistant made of them, as one would set them up without knowing anything: in one click."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from homeassistant.components import assist_pipeline
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData
from homeassistant.const import CONF_MODEL
from homeassistant.helpers import entity_registry as er
from homeassistant.util import language as language_util

from .const import (
    CONF_ASSISTANT,
    CONF_ENGINE,
    CONF_HINTS,
    CONF_RESCORE,
    CONF_SPEED,
    DOMAIN,
    ENGINE_ESPEAK,
    ENGINE_PIPER,
    ENGINE_WHISPER,
    LOGGER,
    NAME,
    SUBENTRY_CONVERSATION,
    SUBENTRY_STT,
    SUBENTRY_TTS,
)
from .speech import espeak, piper, whisper
from .speech.errors import SpeechError

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .runtime import IntendantConfigEntry


async def async_install_engines(hass: HomeAssistant) -> list[ConfigSubentryData]:
    """Install what hears and speaks on this machine; return the subentries for it. Raise SpeechError where that can't be.

    A voice without weights takes the place of Piper where that has none for Home Assistant's language, or no package.
    """
    await whisper.async_install(hass)
    voice = ENGINE_PIPER
    if not language_util.matches(hass.config.language, piper.VOICES) or not await _async_has_piper(hass):
        voice = ENGINE_ESPEAK
        await espeak.async_install(hass)
    ears = {CONF_ENGINE: ENGINE_WHISPER, CONF_MODEL: whisper.DEFAULT_MODEL, CONF_HINTS: True, CONF_RESCORE: True}
    return [_subentry(SUBENTRY_STT, ears), _subentry(SUBENTRY_TTS, {CONF_ENGINE: voice, CONF_SPEED: 1.0})]


async def _async_has_piper(hass: HomeAssistant) -> bool:
    try:
        await piper.async_install(hass)
    except SpeechError:
        return False
    return True


def _subentry(kind: str, data: dict[str, Any]) -> ConfigSubentryData:
    return ConfigSubentryData(subentry_type=kind, title=NAME, unique_id=None, data=data)


def add_missing(hass: HomeAssistant, entry: IntendantConfigEntry, wanted: list[ConfigSubentryData]) -> bool:
    """Add the subentries of those kinds of which the entry has none; return whether there were any."""
    missing = [each for each in wanted if not list(entry.get_subentries_of_type(each["subentry_type"]))]
    for each in missing:
        subentry = ConfigSubentry(
            data=MappingProxyType(dict(each["data"])),
            subentry_type=each["subentry_type"],
            title=each["title"],
            unique_id=None,
        )
        hass.config_entries.async_add_subentry(entry, subentry)
    return bool(missing)


async def async_make_wanted(hass: HomeAssistant, entry: IntendantConfigEntry) -> None:
    """Make the assistant that was wanted when the entry, or its engines, were added: once, as soon as all three are there."""
    if not entry.data.get(CONF_ASSISTANT) or not await async_make_assistant(hass, entry):
        return
    data = {key: value for key, value in entry.data.items() if key != CONF_ASSISTANT}
    hass.config_entries.async_update_entry(entry, data=data)


async def async_make_assistant(hass: HomeAssistant, entry: IntendantConfigEntry) -> bool:
    """Make an assistant of the first agent, ears and voice of the entry, unless there is one of the three already.

    Return whether that is settled; False while one of them is missing.
    """
    agent, ears, voice = (_entity_id(hass, entry, kind) for kind in (SUBENTRY_CONVERSATION, SUBENTRY_STT, SUBENTRY_TTS))
    if agent is None or ears is None or voice is None or assist_pipeline.DOMAIN not in hass.config.components:
        LOGGER.debug("No assistant is made yet: something that it needs is missing")
        return False
    three = (agent, ears, voice)
    known = assist_pipeline.async_get_pipelines(hass)
    if any((each.conversation_engine, each.stt_engine, each.tts_engine) == three for each in known):
        return True
    made = await assist_pipeline.async_create_default_pipeline(hass, ears, voice, NAME)
    if made is None:
        LOGGER.warning(
            "No assistant was made: what hears or speaks does not know the language %s", hass.config.language
        )
        return True
    languages = language_util.matches(hass.config.language, entry.runtime_data.engine.languages)
    await assist_pipeline.async_update_pipeline(
        hass, made, conversation_engine=agent, conversation_language=next(iter(languages), "en")
    )
    return True


def _entity_id(hass: HomeAssistant, entry: IntendantConfigEntry, kind: str) -> str | None:
    """Return the entity of the entry's first subentry of a kind. The kinds are called as the platforms are."""
    first = next(iter(entry.get_subentries_of_type(kind)), None)
    return er.async_get(hass).async_get_entity_id(kind, DOMAIN, first.subentry_id) if first else None
