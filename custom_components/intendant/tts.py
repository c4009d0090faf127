"""Sentence → audio: speaks as soon as the first sentence of an answer is there."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.tts import (
    ATTR_VOICE,
    TextToSpeechEntity,
    TTSAudioRequest,
    TTSAudioResponse,
    TtsAudioType,
    Voice as ListedVoice,
)

from .const import CONF_SPEED, DOMAIN, SUBENTRY_TTS
from .entity import EngineEntity
from .speech.sound import EXTENSION, FASTEST, SLOWEST, async_sentences, async_wav
from .speech.voice import Voice, make_voice

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator

    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .runtime import IntendantConfigEntry
    from .speech.sound import Sound

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: IntendantConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up what speaks."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_TTS):
        async_add_entities(
            [IntendantVoice(entry, subentry, make_voice(hass, subentry.data))],
            config_subentry_id=subentry.subentry_id,
        )


class IntendantVoice(EngineEntity, TextToSpeechEntity):
    """Says what it is given."""

    _attr_translation_key = DOMAIN
    _attr_supported_options = [ATTR_VOICE, CONF_SPEED]  # noqa: RUF012 - Home Assistant's own form

    def __init__(self, entry: IntendantConfigEntry, subentry: ConfigSubentry, voice: Voice) -> None:
        """Take the engine."""
        super().__init__(entry, subentry, voice.standing)
        self._voice = voice
        # Home Assistant makes no sound with an engine that has no name of its own.
        self._attr_has_entity_name, self._attr_name = False, subentry.title
        self._attr_supported_languages = list(voice.languages)
        self._attr_default_language = next(
            (language for language in voice.languages if language.startswith("en")), voice.languages[0]
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Get the engine ready."""
        await super().async_added_to_hass()
        await self._voice.async_start()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Let the engine go."""
        await super().async_will_remove_from_hass()
        await self._voice.async_stop()

    @override
    def async_get_supported_voices(self, language: str) -> list[ListedVoice] | None:
        """Return the voices of a language."""
        return [ListedVoice(name, name) for name in self._voice.voices(language)] or None

    @override
    async def async_stream_tts_audio(self, request: TTSAudioRequest) -> TTSAudioResponse:
        """Speak an answer while it is still being written."""
        sounds = self._async_sounds(async_sentences(request.message_gen), request.language, request.options)
        return TTSAudioResponse(EXTENSION, async_wav(sounds))

    @override
    async def async_get_tts_audio(self, message: str, language: str, options: dict[str, Any]) -> TtsAudioType:
        """Return the sound of a whole message."""

        async def whole() -> AsyncIterator[str]:
            yield message

        sounds = self._async_sounds(whole(), language, options)
        return EXTENSION, b"".join([chunk async for chunk in async_wav(sounds)])

    async def _async_sounds(
        self, sentences: AsyncIterable[str], language: str, options: dict[str, Any]
    ) -> AsyncIterator[Sound]:
        default = self.subentry.data.get(CONF_SPEED, 1.0)
        speed = min(max(float(options.get(CONF_SPEED, default)), SLOWEST), FASTEST)
        async for sentence in sentences:
            async for sound in self._voice.async_speak(sentence, language, options.get(ATTR_VOICE), speed):
                yield sound
