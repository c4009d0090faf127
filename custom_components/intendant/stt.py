"""Audio → text: what a satellite's microphone heard, with the names of the home in mind."""

from functools import partial
from typing import TYPE_CHECKING, override

from homeassistant.components.stt import (
    AudioBitRates,
    AudioChannels,
    AudioCodecs,
    AudioFormats,
    AudioSampleRates,
    SpeechMetadata,
    SpeechResult,
    SpeechResultState,
    SpeechToTextEntity,
)

from .const import CONF_HINTS, CONF_RESCORE, DOMAIN, LOGGER, SUBENTRY_STT
from .entity import EngineEntity
from .speech.choice import choose
from .speech.errors import SpeechError
from .speech.hints import hints_of
from .speech.listening import Listening
from .speech.recognizer import LANGUAGES, Recognizer, make_recognizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .core.house import House
    from .runtime import IntendantConfigEntry
    from .speech.hypotheses import Hypothesis

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: IntendantConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up what recognizes speech."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_STT):
        recognizer = make_recognizer(hass, subentry.data)
        async_add_entities(
            [IntendantEar(entry, subentry, recognizer)],
            config_subentry_id=subentry.subentry_id,
        )


class IntendantEar(EngineEntity, SpeechToTextEntity):
    """Hears what is said."""

    _attr_translation_key = DOMAIN

    def __init__(self, entry: IntendantConfigEntry, subentry: ConfigSubentry, recognizer: Recognizer) -> None:
        """Take the engine."""
        super().__init__(entry, subentry, recognizer.standing)
        self._recognizer = recognizer
        self._hints: tuple[list[House], tuple[str, ...]] | None = None

    @property
    @override
    def supported_languages(self) -> list[str]:
        return LANGUAGES

    @property
    @override
    def supported_formats(self) -> list[AudioFormats]:
        return [AudioFormats.WAV]

    @property
    @override
    def supported_codecs(self) -> list[AudioCodecs]:
        return [AudioCodecs.PCM]

    @property
    @override
    def supported_bit_rates(self) -> list[AudioBitRates]:
        return [AudioBitRates.BITRATE_16]

    @property
    @override
    def supported_sample_rates(self) -> list[AudioSampleRates]:
        return [AudioSampleRates.SAMPLERATE_16000]

    @property
    @override
    def supported_channels(self) -> list[AudioChannels]:
        return [AudioChannels.CHANNEL_MONO]

    @override
    async def async_added_to_hass(self) -> None:
        """Get the engine ready."""
        await super().async_added_to_hass()
        await self._recognizer.async_start()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Let the engine go."""
        await super().async_will_remove_from_hass()
        await self._recognizer.async_stop()

    @override
    async def async_process_audio_stream(self, metadata: SpeechMetadata, stream: AsyncIterable[bytes]) -> SpeechResult:
        """Return what was said; nothing where nobody spoke, an error where it could not be recognized."""
        try:
            recognize = partial(self._async_recognize, metadata.language)
            text = await Listening(self.hass, recognize, lambda: self._recognizer.spare).async_follow(stream)
        except SpeechError as err:
            LOGGER.warning("Speech was not recognized: %s", err.reason)
            return SpeechResult(None, SpeechResultState.ERROR)
        return SpeechResult(text, SpeechResultState.SUCCESS)

    async def _async_recognize(self, language: str, pcm: bytes) -> str:
        """Return the words in samples, the home in mind. Raise SpeechError."""
        houses = [await keeper.async_house() for keeper in self.entry.runtime_data.houses.values()]
        hypotheses = await self._recognizer.async_recognize(pcm, language, await self._async_hints(houses))
        return await self._async_choose(hypotheses, houses, language)

    async def _async_hints(self, houses: list[House]) -> tuple[str, ...]:
        """Return the names of the home as they are now; they are gathered anew only when the home has changed."""
        if not self.subentry.data.get(CONF_HINTS, True):
            return ()
        if self._hints is None or self._hints[0] != houses:
            self._hints = (houses, await self.hass.async_add_executor_job(hints_of, houses))
        return self._hints[1]

    async def _async_choose(self, hypotheses: list[Hypothesis], houses: list[House], language: str) -> str:
        """Return the words that the home makes likeliest; the recognizer's own choice where choosing goes wrong."""
        if not hypotheses or not self.subentry.data.get(CONF_RESCORE, True):
            return hypotheses[0].text if hypotheses else ""
        engine = self.entry.runtime_data.engine
        base = language.partition("-")[0]
        rate = partial(engine.rate, language=base) if base in engine.languages else None
        try:
            return (await self.hass.async_add_executor_job(choose, hypotheses, houses, rate)).text
        except Exception as err:  # noqa: BLE001 - whatever it is, something was heard
            LOGGER.error("Choosing among hypotheses failed: %s", type(err).__name__)
            return hypotheses[0].text
