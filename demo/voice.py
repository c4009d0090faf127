"""Give the demo's assistant ears and a voice: through the forms that a user fills in, with weights from the cache."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .engines import find_ffmpeg
from .fetch import fetch, say
from .onboard import INTEGRATION, pipelines
from .settings import DemoError
from .weights import WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

    from .link import Link

WHISPER, PIPER, MODEL = "whisper-base", "piper-joe", "base"
SPEAKS = {"en": "en-US", "zh": "zh-CN"}
"""Language → what its voice is asked for."""
WAIT = 60
"""Seconds that an engine may take to be there."""


@dataclass(frozen=True, slots=True)
class Engines:
    """What hears and speaks, by their entities."""

    stt: str
    tts: str | None
    """Nothing where no voice speaks the language."""


async def give_engines(link: Link, config: Path, language: str) -> Engines:
    """Return what hears and speaks a language, after adding what is missing; `config` is Home Assistant's folder.

    Raise DemoError.
    """
    [entry] = [entry["entry_id"] for entry in await link.ask("config_entries/get", domain=INTEGRATION)] or [None]
    if entry is None:
        raise DemoError("Intendant is not in place, so nobody hears.")
    await asyncio.to_thread(find_ffmpeg)
    wanted = {"stt": ("whisper", {"model": MODEL}), "tts": ("espeak", {})}
    await asyncio.to_thread(fetch, WEIGHTS[WHISPER])
    WEIGHTS[WHISPER].lay_in(config / ".cache" / INTEGRATION)
    if not language.startswith("zh"):
        voice = next((await asyncio.to_thread(fetch, WEIGHTS[PIPER])).glob("*.onnx"))
        wanted["tts"] = ("piper", {"voice": str(voice)})
    found = {kind: await _engine(link, entry, kind, *engine) for kind, engine in wanted.items()}
    if found["stt"] is None:
        raise DemoError("Nothing that hears could be added.")
    return Engines(found["stt"], found["tts"])


async def give_pipeline(link: Link, language: str, agent: str, engines: Engines) -> str:
    """Return the pipeline of a language and an agent with these engines: the preferred one if it is theirs, or one beside it."""
    all_there, preferred = await pipelines(link)
    speaks = SPEAKS.get(language.partition("-")[0], language) if engines.tts else None
    settings = {
        "stt_engine": engines.stt,
        "stt_language": language,
        "tts_engine": engines.tts,
        "tts_language": speaks,
        "tts_voice": None,
        "conversation_engine": agent,
        "conversation_language": language,
        "language": language,
    }
    name = f"{agent} {language}"
    here = [pipeline for pipeline in all_there if pipeline["name"] == name]
    if preferred["conversation_engine"] == agent and preferred["language"].startswith(language.partition("-")[0]):
        here = [preferred]
    if not here:
        blank = {"name": name, "wake_word_entity": None, "wake_word_id": None}
        return str((await link.ask("assist_pipeline/pipeline/create", **blank, **settings))["id"])
    identity = str(here[0].pop("id"))
    if (changed := {**here[0], **settings}) != here[0]:
        await link.ask("assist_pipeline/pipeline/update", pipeline_id=identity, **changed)
    return identity


async def _engine(link: Link, entry: str, kind: str, engine: str, options: dict[str, str]) -> str | None:
    """Return the entity of an engine, added if it isn't there; nothing where Intendant has none of that kind."""
    title = engine.capitalize()
    if (there := await _entity(link, entry, kind, title)) is not None:
        return there
    flow = await link.post("/api/config/config_entries/subentries/flow", {"handler": [entry, kind]})
    if engine not in flow.get("menu_options", ()):
        return None
    say(f"adding {engine}; Home Assistant installs it the first time")
    where = f"/api/config/config_entries/subentries/flow/{flow['flow_id']}"
    form = await link.post(where, {"next_step_id": engine})
    result = await link.post(where, {"name": title, **options}) if form["type"] == "form" else form
    if result["type"] != "create_entry":
        raise DemoError(f"The form of {engine} says: {result.get('errors') or result.get('reason')}.")
    for _ in range(WAIT * 4):
        if (there := await _entity(link, entry, kind, title)) is not None:
            return there
        await asyncio.sleep(0.25)
    raise DemoError(f"Home Assistant added {engine}, but it is not there after {WAIT} s.")


async def _entity(link: Link, entry: str, kind: str, title: str) -> str | None:
    """Return the entity of a subentry that is in service."""
    added = await link.ask("config_entries/subentries/list", entry_id=entry)
    mine = [one["subentry_id"] for one in added if one["subentry_type"] == kind and one["title"] == title]
    states = {state["entity_id"] for state in await link.ask("get_states")} if mine else set[str]()
    for entity in await link.ask("config/entity_registry/list") if mine else ():
        if entity["config_subentry_id"] in mine and entity["entity_id"] in states:
            return str(entity["entity_id"])
    return None
