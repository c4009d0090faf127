"""Text → answer. The summary of the integration: understand a sentence, carry it out, answer, or hand it over."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, override

from homeassistant.components import conversation
from homeassistant.const import MATCH_ALL
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from .act import Speaker
from .const import CONF_ALLOWED, CONF_FALLBACK_LANGUAGE, CONF_HAND_OVER_TO, CONF_JOURNAL, DOMAIN, SUBENTRY_CONVERSATION
from .core.answer_lookups import finds_nothing
from .core.digits import holds_digits, spoken_pin
from .core.intentions import HandOver, Learn, Refuse, Reply, Result
from .core.lesson import lesson_of, note_heard
from .core.nickname import wanted_after
from .core.values import Call
from .entity import IntendantEntity
from .journal.compose import Heard, handed_over
from .nicknames import async_look_for_name
from .phrases import async_phrase
from .report import async_deltas, async_response
from .situation import async_situation, spoken_language
from .steward import async_carry_out, async_enter_pin, remember
from .turn import Turn

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .core.interpret import Interpretation
    from .dialogue import Dialogue
    from .runtime import IntendantConfigEntry

PARALLEL_UPDATES = 0
_HIDDEN = "••••"
"""What stands in the chat log for a PIN."""


async def async_setup_entry(
    _hass: HomeAssistant, entry: IntendantConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the conversation agents."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION):
        async_add_entities([IntendantAgent(entry, subentry)], config_subentry_id=subentry.subentry_id)


class IntendantAgent(IntendantEntity, conversation.ConversationEntity):
    """A steward that one can talk to."""

    _attr_translation_key = DOMAIN
    _attr_supports_streaming = True
    _attr_supported_features = conversation.ConversationEntityFeature.CONTROL

    def __init__(self, entry: IntendantConfigEntry, subentry: ConfigSubentry) -> None:
        """Take the model in service and the home of this agent."""
        super().__init__(entry, subentry)
        self._engine = entry.runtime_data.engine
        self._keeper = entry.runtime_data.houses[subentry.subentry_id]

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return what the bundle understands; everything, when the user named a language to fall back to."""
        return MATCH_ALL if self.subentry.data.get(CONF_FALLBACK_LANGUAGE) else self._engine.languages

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the changes of the home."""
        await super().async_added_to_hass()
        self.async_on_remove(self._keeper.async_listen())

    @override
    async def async_prepare(self, language: str | None = None) -> None:
        """Get the home ready while the sentence is still being spoken."""
        await self._keeper.async_house()

    @override
    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """Answer a sentence."""
        language = spoken_language(user_input.language, self._engine.languages, self.subentry.data)
        try:
            return await self._async_answer(user_input, chat_log, language)
        except HomeAssistantError as err:
            response = intent.IntentResponse(user_input.language)
            sentence = await async_phrase(self.hass, err, language)
            response.async_set_error(intent.IntentResponseErrorCode.UNKNOWN, sentence)
            chat_log.async_add_assistant_content_without_tools(conversation.AssistantContent(self.entity_id, sentence))
            return conversation.ConversationResult(response, chat_log.conversation_id)

    async def _async_answer(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog, language: str
    ) -> conversation.ConversationResult:
        if self.hass.is_stopping:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="shutting_down")
        runtime = self.entry.runtime_data
        place = user_input.satellite_id or user_input.device_id
        # What one agent asked, no other answers: they may demand different things.
        own = self.subentry.subentry_id
        dialogue = runtime.dialogues.async_get(
            f"{own} {chat_log.conversation_id}", f"{own} {place}" if place else None, user_input.context.user_id
        )
        house = await self._keeper.async_house()
        memory = replace(dialogue.memory, pending=_waiting(dialogue), said=dialogue.said, suggested=dialogue.suggested)
        phrases = runtime.phrasebook.in_language(language)
        situation = async_situation(self.hass, house, user_input, language, memory, self.subentry.data, phrases)
        situation = replace(situation, usage=runtime.usage.usage)
        speaker = Speaker(
            user_input.context, user_input.language, user_input.device_id, user_input.satellite_id, self.entity_id
        )
        pins = runtime.pins[self.subentry.subentry_id]
        turn = Turn(self.hass, runtime.schedule, dialogue, speaker, situation, pins, runtime.phrasebook, runtime.usage)
        heard = Heard(user_input, chat_log.conversation_id, self.entity_id, situation, bundle=self._engine.hash)
        results = await self._async_take_pin(turn, user_input.text, chat_log)
        if results is None:
            try:
                understood = await self._engine.async_interpret(user_input.text, situation)
            except HomeAssistantError as err:
                self._note(replace(heard, failed=err.translation_key), dialogue)
                raise
            heard = replace(heard, understood=understood)
            if _is_for_another(understood, dialogue):
                dialogue.heard = note_heard(user_input.text, None, [])
                result = await self._async_hand_over(user_input, chat_log, dialogue, language)
                self._note(handed_over(heard, self._other_agent(), result), dialogue)
                return result
            dialogue.handed_over = False
            results = await async_carry_out(
                turn, understood.intentions, corrects=understood.corrects, retimes=understood.retimes
            )
            if finds_nothing(results) and self._other_agent() != conversation.HOME_ASSISTANT_AGENT:
                result = await self._async_hand_over(user_input, chat_log, dialogue, language)
                self._note(handed_over(heard, self._other_agent(), result), dialogue)
                return result
            remember(dialogue, understood.reading, results, corrects=understood.corrects)
            results += await self._async_learn(turn, user_input.text, understood, results)

        answer = await self._engine.async_word(results, situation)
        dialogue.said = answer.text
        self._note(replace(heard, results=results, answer=answer.text, pin=heard.understood is None), dialogue)
        async for _ in chat_log.async_add_delta_content_stream(self.entity_id, async_deltas(results, answer)):
            pass
        response = async_response(self.hass, house, user_input.language, results, answer)
        return conversation.ConversationResult(response, chat_log.conversation_id, answer.asks)

    def _note(self, heard: Heard, dialogue: Dialogue) -> None:
        """Put a turn down in the journal, where the household allowed that."""
        runtime = self.entry.runtime_data
        if runtime.journal:
            turn_id = runtime.journal.async_note(heard, dialogue)
            if runtime.versions:
                runtime.versions.async_follow(turn_id, heard.understood)

    async def _async_learn(
        self, turn: Turn, text: str, understood: Interpretation, results: list[Result]
    ) -> list[Result]:
        """Learn from a correction, where the household allowed that; return what was learnt, to be said."""
        book, before = turn.phrasebook, turn.dialogue.heard
        turn.dialogue.heard = note_heard(text, understood.reading, results)
        if understood.phrase:
            book.async_note_use(understood.phrase)
        allowed = self.entry.options.get(CONF_JOURNAL, {}).get(CONF_ALLOWED)
        if not allowed or before is None or understood.reading is None:
            return []
        lesson = lesson_of(before, understood.reading, results, corrects=understood.corrects)
        if learnt := await book.async_take(lesson) if lesson else None:
            return [Result(Learn(Call("none"), learnt.phrase))]
        wanted = wanted_after(before, text, understood.reading, results, corrects=understood.corrects)
        if wanted:
            house, language = turn.situation.house, turn.situation.language
            async_look_for_name(self.hass, self.entry, before.text, wanted, house, language)
        return []

    async def _async_take_pin(self, turn: Turn, text: str, chat_log: conversation.ChatLog) -> list[Result] | None:
        """Take a sentence that is or holds a PIN, and keep it out of the chat log; None when there is none in it.

        While a PIN is waited for, digits go nowhere else: not to the model, and not to another agent.
        """
        language = turn.situation.language
        waits = any(act.pin for act in turn.dialogue.pending)
        if not waits and (not turn.pins.is_set or turn.situation.memory.question is not None):
            return None
        # The words of a language are read from disk when they are first needed.
        pin, digits = await self.hass.async_add_executor_job(_find_pin, text, language)
        if not digits or (not pin and not waits):
            return None
        chat_log.content[-1] = conversation.UserContent(_HIDDEN)
        if waits and pin:
            return await async_enter_pin(turn, pin)
        return [Result(Refuse(Call("none"), "needs_pin" if waits else "pin_unasked"))]

    async def _async_hand_over(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
        dialogue: Dialogue,
        language: str,
    ) -> conversation.ConversationResult:
        """Let another agent answer in the same conversation."""
        result = await conversation.async_converse(
            self.hass,
            user_input.text,
            chat_log.conversation_id,
            user_input.context,
            language=user_input.language,
            agent_id=self._other_agent(),
            device_id=user_input.device_id,
            satellite_id=user_input.satellite_id,
            extra_system_prompt=user_input.extra_system_prompt,
        )
        if self._other_agent() == conversation.HOME_ASSISTANT_AGENT:
            await self._async_reword(result, language)
        dialogue.handed_over = result.continue_conversation
        dialogue.pending, dialogue.acted = (), False
        dialogue.memory = replace(dialogue.memory, question=None, planned=None)
        return result

    async def _async_reword(self, result: conversation.ConversationResult, language: str) -> None:
        """Say plainly that nobody knows what to do, where Home Assistant's own agent guesses at unknown areas and devices."""
        if result.response.response_type is intent.IntentResponseType.ERROR:
            result.response.async_set_speech(await self._engine.async_phrase("no_idea", language))

    def _other_agent(self) -> str:
        """Return the agent the user chose; Home Assistant's own when that is gone or one of ours, which would go in circles."""
        chosen: str | None = self.subentry.data.get(CONF_HAND_OVER_TO)
        agent = conversation.async_get_agent(self.hass, chosen) if chosen else None
        if chosen is None or agent is None or isinstance(agent, IntendantAgent):
            return conversation.HOME_ASSISTANT_AGENT
        return chosen


def _find_pin(text: str, language: str) -> tuple[str | None, bool]:
    """Return the PIN that a sentence is, and whether it holds digits that may be one."""
    pin = spoken_pin(text, language)
    return pin, pin is not None or holds_digits(text, language)


def _waiting(dialogue: Dialogue) -> tuple[str, ...]:
    """Return what waits for a yes: the things, or a word for what concerns none."""
    return tuple(dict.fromkeys(i for act in dialogue.pending for i in act.entity_ids or ("anything",)))


def _is_for_another(understood: Interpretation, dialogue: Dialogue) -> bool:
    """Return whether the sentence is not for the house, or answers a question that the other agent asked."""
    answers = dialogue.handed_over and not dialogue.pending
    return all(
        isinstance(intention, HandOver) or (answers and isinstance(intention, Reply) and intention.key in ("yes", "no"))
        for intention in understood.intentions
    )
