"""A sentence to the agent: understood, carried out, answered, handed over."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components import conversation
from homeassistant.components.conversation.chat_log import async_get_chat_log
from homeassistant.core import Context, CoreState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, intent
from homeassistant.helpers.chat_session import async_get_chat_session
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.intendant.core.intentions import Ask, LookUp, Refuse, Step, Tell

from .conftest import Say, speech
from .fakes import CALL, FakeInterpreter, act, reply

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


async def test_a_command_is_carried_out_and_its_targets_reach_the_response(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.meanings["lights"] = (
        act("light.turn_off", "light.a", "light.b"),
        act("switch.turn_on", "switch.gone"),
    )
    result = await say("lights")
    assert hass.states.is_state("light.a", "off")
    assert [target.id for target in result.response.success_results] == ["light.a", "light.b"]
    assert [target.name for target in result.response.failed_results] == ["Gone"]
    assert [state.entity_id for state in result.response.matched_states] == ["light.a", "light.b"]
    assert speech(result) == "Act\nAct unavailable."
    assert result.response.response_type is intent.IntentResponseType.ACTION_DONE
    assert not result.continue_conversation


@pytest.mark.parametrize(
    ("intentions", "response_type", "code"),
    [
        ((Tell(CALL, "state", {}, ("light.a",)),), "query_answer", None),
        ((Refuse(CALL, "no_such"),), "error", "no_valid_targets"),
        ((Refuse(CALL, "nothing_said"),), "error", "no_intent_match"),
        ((act("switch.turn_on", "switch.gone"),), "error", "failed_to_handle"),
        ((Ask(CALL, "which", ("a", "b"), ("light.a",)),), "action_done", None),
        ((act("light.turn_on", "light.a", delay=60),), "action_done", None),
    ],
)
async def test_what_kind_of_response_it_is(
    say: Say, interpreter: FakeInterpreter, intentions: tuple[Any, ...], response_type: str, code: str | None
) -> None:
    interpreter.meanings["it"] = intentions
    response = (await say("it")).response
    assert (response.response_type.value, response.error_code and response.error_code.value) == (response_type, code)


async def test_an_answer_streams_after_what_was_done(
    hass: HomeAssistant, agent: str, interpreter: FakeInterpreter
) -> None:
    interpreter.meanings["lights"] = (act("light.turn_on", "light.a", "switch.gone", brightness_pct=20),)
    deltas: list[dict[str, Any]] = []
    spoken = conversation.ConversationInput("lights", Context(), None, None, None, "en", agent)
    with (
        async_get_chat_session(hass, None) as session,
        async_get_chat_log(hass, session, spoken, chat_log_delta_listener=lambda _log, delta: deltas.append(delta)),
    ):
        await conversation.async_converse(hass, "lights", session.conversation_id, Context(), "en", agent)
    [tool] = deltas[0]["tool_calls"]
    assert (tool.tool_name, tool.tool_args, tool.external) == (
        "light__turn_on",
        {"entity_id": ["light.a", "switch.gone"], "brightness_pct": 20},
        True,
    )
    assert deltas[1]["result"] == {"data": {"failed": {"switch.gone": "unavailable"}}, "error": True}
    assert "".join(delta["content"] for delta in deltas[2:]) == "Act unavailable."


async def test_an_answer_to_a_question_of_a_service(say: Say, interpreter: FakeInterpreter) -> None:
    step = Step("weather.get_forecasts", ("weather.a",), {"type": "daily"})
    interpreter.meanings["weather"] = (LookUp(CALL, "forecast", step),)
    result = await say("weather")
    assert speech(result) == "LookUp forecast."
    assert result.response.response_type is intent.IntentResponseType.QUERY_ANSWER


async def test_the_situation_of_a_sentence(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter, entity_registry: er.EntityRegistry
) -> None:
    satellite = entity_registry.async_get_or_create("assist_satellite", "test", "1")
    entity_registry.async_update_entity(satellite.entity_id, area_id="kitchen")
    hass.states.async_set("person.b", "home", {"user_id": "ann"})
    await say("hello", satellite_id=satellite.entity_id, user_id="ann", language="zh-Hans")
    [situation] = interpreter.situations
    assert (situation.area_id, situation.person_id, situation.language) == ("kitchen", "person.b", "zh")
    assert not situation.ask_more
    state = situation.states("light.a")
    assert state is not None
    assert state.state == "off"
    assert situation.states("light.none") is None


@pytest.mark.parametrize("options", [{"strictness": "ask", "fallback_language": "zh"}])
async def test_options_of_the_agent(hass: HomeAssistant, say: Say, agent: str, interpreter: FakeInterpreter) -> None:
    await say("hello", language="fi")
    [situation] = interpreter.situations
    assert (situation.ask_more, situation.language) == (True, "zh")
    found = conversation.async_get_agent(hass, agent)
    assert found is not None
    assert found.supported_languages == "*"


async def test_without_a_fallback_only_known_languages_are_served(hass: HomeAssistant, agent: str) -> None:
    found = conversation.async_get_agent(hass, agent)
    assert isinstance(found, conversation.ConversationEntity)
    assert found.supported_languages == ["en", "zh"]
    assert found.supports_streaming
    await found.async_prepare("en")


async def test_what_is_not_for_the_house_is_handed_over_in_the_same_conversation(hass: HomeAssistant, say: Say) -> None:
    result = await say("turn on the big one")
    assert hass.states.is_state("light.a", "on")
    assert result.conversation_id == "talk"
    assert speech(result) == "Turned on the light"


@pytest.mark.parametrize("options", [{"hand_over_to": "conversation.intendant"}, {"hand_over_to": "conversation.gone"}])
async def test_it_is_never_handed_over_in_circles(hass: HomeAssistant, say: Say) -> None:
    await hass.services.async_call("light", "turn_off", {"entity_id": "light.a"}, blocking=True)
    await say("turn on the big one")
    assert hass.states.is_state("light.a", "on")


class OtherAgent(conversation.AbstractConversationAgent):
    """Asks back."""

    supported_languages = "*"

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def async_process(self, user_input: conversation.ConversationInput) -> conversation.ConversationResult:
        self.heard.append(user_input.text)
        response = intent.IntentResponse(user_input.language)
        response.async_set_speech("Really?")
        return conversation.ConversationResult(response, user_input.conversation_id, continue_conversation=True)


@pytest.mark.parametrize("options", [{"hand_over_to": "other"}])
async def test_a_yes_to_the_other_agents_question_goes_to_the_other_agent(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter, entry: MockConfigEntry
) -> None:
    other = OtherAgent()
    conversation.async_set_agent(hass, entry, other)
    # Agents of that older kind are known by their entry's id.
    subentry = next(iter(entry.subentries.values()))
    hass.config_entries.async_update_subentry(entry, subentry, data={"hand_over_to": entry.entry_id})
    await hass.async_block_till_done()
    interpreter.meanings |= {"yes": (reply("yes"),), "lights": (act("light.turn_off", "light.a"),)}
    asked = await say("tell me a joke")
    assert asked.continue_conversation
    await say("yes")
    assert other.heard == ["tell me a joke", "yes"]
    await say("lights")
    await say("yes")
    assert other.heard == ["tell me a joke", "yes"]


async def test_nothing_said_is_answered_by_the_core(say: Say, interpreter: FakeInterpreter) -> None:
    interpreter.meanings[""] = (Refuse(CALL, "nothing_said"),)
    assert speech(await say("")) == "Refuse nothing_said."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Sorry, something went wrong while I was thinking about that."), ("zh-Hans", "抱歉，我在理解时出了错。")],
)
async def test_a_mistake_of_ours_is_said_and_logged_without_the_sentence(
    say: Say, interpreter: FakeInterpreter, caplog: pytest.LogCaptureFixture, language: str, sentence: str
) -> None:
    interpreter.error = ValueError("my secret sentence")
    result = await say("my secret sentence", language=language)
    assert speech(result) == sentence
    assert result.response.error_code is intent.IntentResponseErrorCode.UNKNOWN
    ours = [record.getMessage() for record in caplog.records if "intendant" in record.name]
    assert any(message.startswith("understanding_failed: ValueError at fakes.py") for message in ours)
    assert not any("secret" in message for message in ours)


async def test_a_model_that_takes_too_long(say: Say, interpreter: FakeInterpreter) -> None:
    interpreter.error = TimeoutError()
    assert speech(await say("x")) == "Sorry, that took me too long to understand."


async def test_an_answer_without_words(say: Say, interpreter: FakeInterpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr("custom_components.intendant.engine.word_answer", fail)
    interpreter.meanings["lights"] = (act("light.turn_off", "light.a"),)
    assert speech(await say("lights")) == "I did what I could, but I can't put it into words."


async def test_other_errors_are_no_sentences_to_be_spoken(
    say: Say, interpreter: FakeInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise HomeAssistantError("E42: socket")

    monkeypatch.setattr("custom_components.intendant.conversation.async_carry_out", fail)
    interpreter.meanings["lights"] = (act("light.turn_off", "light.a"),)
    assert speech(await say("lights")) == "Sorry, that didn't work."


async def test_while_home_assistant_shuts_down(hass: HomeAssistant, say: Say) -> None:
    hass.set_state(CoreState.stopping)
    result = await say("lights")
    hass.set_state(CoreState.running)
    assert speech(result) == "I can't do that now, Home Assistant is shutting down."


async def test_services_are_called_with_the_turns_context(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    calls = async_mock_service(hass, "notify", "house")
    interpreter.meanings["tell"] = (act("notify.house", message="hi"),)
    await say("tell", user_id=None)
    assert [(call.data, call.context.user_id) for call in calls] == [({"message": "hi"}, None)]
