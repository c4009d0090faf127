"""Ears, a voice and an assistant in one click: when Intendant is added, and later."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components import assist_pipeline
from homeassistant.config_entries import ConfigSubentry
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.requirements import RequirementsNotFound
from homeassistant.setup import async_setup_component

from custom_components.intendant.speech.errors import SpeechError

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .fakes import FakeLoader

USER: Any = {"source": "user"}


class Packages:
    """What Home Assistant can install on this machine."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.installed: list[str] = []

    async def process(self, _hass: HomeAssistant, name: str, requirements: list[str]) -> None:
        for requirement in requirements:
            package = requirement.partition("==")[0]
            if package in self.missing:
                raise RequirementsNotFound(name, requirements)
            self.installed.append(package)


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Return what can be installed: everything, and nothing really is. The hub has nothing."""
    found = Packages()
    monkeypatch.setattr("custom_components.intendant.speech.line.async_process_requirements", found.process)
    monkeypatch.setattr("custom_components.intendant.speech.line.find_spec", lambda _name: object())
    monkeypatch.setattr("custom_components.intendant.speech.espeak._PROGRAM", "espeak-ng-that-is-not-there")

    async def fetch(*_: object) -> Path:
        raise SpeechError("no_such_weights", name="any")

    monkeypatch.setattr("custom_components.intendant.speech.whisper.async_fetch", fetch)
    monkeypatch.setattr("custom_components.intendant.speech.piper.async_fetch", fetch)
    return found


@pytest.fixture
async def _ready(hass: HomeAssistant, loader: FakeLoader, packages: Packages) -> None:
    for domain in ("homeassistant", "conversation", "assist_pipeline"):
        assert await async_setup_component(hass, domain, {})
    assert not loader.loaded
    assert not packages.installed


async def add(hass: HomeAssistant, **chosen: object) -> Any:  # noqa: ANN401 - a flow's result
    """Return what comes of adding Intendant with these boxes ticked."""
    form = await hass.config_entries.flow.async_init("intendant", context=USER)
    result = await hass.config_entries.flow.async_configure(form["flow_id"], chosen)
    return await until_done(hass, result, hass.config_entries.flow)


async def until_done(hass: HomeAssistant, result: Any, flow: Any) -> Any:  # noqa: ANN401 - a flow's result
    """Return what a flow comes to when its progress is done."""
    if result["type"] is FlowResultType.SHOW_PROGRESS:
        await hass.async_block_till_done()
        result = await flow.async_configure(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def ours(hass: HomeAssistant) -> list[tuple[Any, ...]]:
    """Return the assistants with Intendant in it: what understands, hears and speaks, in which language."""
    return [
        (each.conversation_engine, each.conversation_language, each.stt_engine, each.tts_engine, each.tts_language)
        for each in assist_pipeline.async_get_pipelines(hass)
        if each.name == "Intendant"
    ]


THREE = ("conversation.intendant", "en", "stt.intendant", "tts.intendant", "en-US")


@pytest.mark.usefixtures("_ready")
async def test_all_three_and_an_assistant_in_one_click(hass: HomeAssistant, packages: Packages) -> None:
    result = await add(hass, hear_and_speak=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [entry] = hass.config_entries.async_entries("intendant")
    assert [(each.subentry_type, each.data.get("engine")) for each in entry.subentries.values()] == [
        ("conversation", None),
        ("stt", "whisper"),
        ("tts", "piper"),
    ]
    assert set(packages.installed) == {"faster-whisper", "piper-tts"}
    assert ours(hass) == [THREE]
    # It is made once: who deletes it does not get it back.
    [made] = [each for each in assist_pipeline.async_get_pipelines(hass) if each.name == "Intendant"]
    store = hass.data[assist_pipeline.pipeline.KEY_ASSIST_PIPELINE].pipeline_store
    await store.async_delete_item(made.id)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert ours(hass) == []


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize(
    ("language", "chosen", "missing", "kinds", "assistants"),
    [
        ("en", {}, [], ["conversation"], []),
        ("en", {"hear_and_speak": True, "make_assistant": False}, [], ["conversation", "whisper", "piper"], []),
        ("en", {"hear_and_speak": True}, ["piper-tts"], ["conversation", "whisper", "espeak"], [THREE]),
        (
            "sv",
            {"hear_and_speak": True},
            [],
            ["conversation", "whisper", "espeak"],
            [("conversation.intendant", "en", "stt.intendant", "tts.intendant", "sv")],
        ),
        (
            "zh-Hans",
            {"hear_and_speak": True},
            [],
            ["conversation", "whisper", "piper"],
            [("conversation.intendant", "zh", "stt.intendant", "tts.intendant", "zh-CN")],
        ),
    ],
    ids=["not wanted", "without an assistant", "no Piper", "Swedish", "Chinese"],
)
async def test_what_is_set_up(
    hass: HomeAssistant,
    packages: Packages,
    language: str,
    chosen: dict[str, bool],
    missing: list[str],
    kinds: list[str],
    assistants: list[tuple[Any, ...]],
) -> None:
    hass.config.language = language
    packages.missing = set(missing)
    assert (await add(hass, **chosen))["type"] is FlowResultType.CREATE_ENTRY
    [entry] = hass.config_entries.async_entries("intendant")
    assert [each.data.get("engine", each.subentry_type) for each in entry.subentries.values()] == kinds
    assert ours(hass) == assistants


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize(
    ("missing", "error"), [(["faster-whisper"], "no_whisper"), (["piper-tts", "espeakng-loader"], "no_espeak")]
)
async def test_where_nothing_can_be_installed_the_form_says_what_to_do(
    hass: HomeAssistant, packages: Packages, missing: list[str], error: str
) -> None:
    packages.missing = set(missing)
    form = await add(hass, hear_and_speak=True, strictness="ask")
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "user", {"base": error})
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"hear_and_speak": False})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert [each["subentry_type"] for each in result["subentries"]] == ["conversation"]


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize(
    ("there", "wanted", "kinds", "assistants"),
    [
        ([], True, ["conversation", "stt", "tts"], [THREE]),
        ([], False, ["conversation", "stt", "tts"], []),
        (["stt", "tts"], True, ["conversation", "stt", "tts"], [THREE]),
        (["tts"], True, ["conversation", "tts", "stt"], [THREE]),
    ],
    ids=["nothing there", "no assistant", "both there", "a voice there"],
)
async def test_an_entry_that_is_there_gets_what_it_lacks(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    packages: Packages,
    there: list[str],
    wanted: bool,
    kinds: list[str],
    assistants: list[tuple[Any, ...]],
) -> None:
    assert not packages.installed
    assert await async_setup_component(hass, "assist_pipeline", {})
    for kind in there:
        data = MappingProxyType({"engine": "piper" if kind == "tts" else "whisper"})
        subentry = ConfigSubentry(data=data, subentry_type=kind, title="Intendant", unique_id=None)
        hass.config_entries.async_add_subentry(entry, subentry)
        await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(2):
        form = await hass.config_entries.options.async_init(entry.entry_id)
        flow = hass.config_entries.options
        result = await flow.async_configure(form["flow_id"], {"make_assistant": wanted})
        result = await until_done(hass, result, flow)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert [each.subentry_type for each in entry.subentries.values()] == kinds
        assert ours(hass) == assistants


@pytest.mark.usefixtures("agent")
async def test_later_too_the_form_says_why_not(hass: HomeAssistant, entry: MockConfigEntry, packages: Packages) -> None:
    packages.missing = {"faster-whisper"}
    form = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(form["flow_id"], {})
    form = await until_done(hass, result, hass.config_entries.options)
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, {"base": "no_whisper"})
    assert len(entry.subentries) == 1
