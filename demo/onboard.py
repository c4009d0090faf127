"""Do what a person does after the first start: make a user, add Intendant, put it into the voice pipeline."""

from typing import TYPE_CHECKING, Any

import aiohttp

from .link import Link, linked
from .settings import PASSWORD, ROOT, USER, DemoError, Settings

if TYPE_CHECKING:
    from collections.abc import Collection

INTEGRATION = "intendant"
STEPS = 5


async def onboard(settings: Settings, language: str, areas: Collection[str]) -> None:
    """Make the user, finish onboarding, and keep a token."""
    client = f"{settings.url}/"
    async with aiohttp.ClientSession() as session:
        person = {"name": "Demo", "username": USER, "password": PASSWORD, "client_id": client, "language": language}
        code = (await Link(settings.url, "", session).post("/api/onboarding/users", person))["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": client}
        async with session.post(f"{settings.url}/auth/token", data=form) as response:
            response.raise_for_status()
            token = (await response.json())["access_token"]
        link = Link(settings.url, token, session)
        await link.post("/api/onboarding/core_config")
        await link.post("/api/onboarding/analytics")
        await link.post("/api/onboarding/integration", {"client_id": client, "redirect_uri": client})
        await link.open()
        await link.started()
        settings.token = await link.ask("auth/long_lived_access_token", client_name="scripts/demo", lifespan=365)
        await _tidy(link, areas)
    settings.save()


async def add_intendant(settings: Settings) -> str | None:
    """Add the integration through its own form, make it the preferred agent; return its entity, if it has one."""
    async with linked(settings.url, settings.token) as link:
        await link.started()
        if not (ROOT / f"custom_components/{INTEGRATION}/manifest.json").exists():
            raise DemoError(f"There is no custom_components/{INTEGRATION} in this clone yet.")
        entries = await link.ask("config_entries/get", domain=INTEGRATION)
        if not entries:
            result = await link.post("/api/config/config_entries/flow", {"handler": INTEGRATION})
            for _ in range(STEPS):
                if result["type"] != "form" or result.get("errors"):
                    break
                result = await link.post(f"/api/config/config_entries/flow/{result['flow_id']}", {})
            if result["type"] != "create_entry":
                raise DemoError(f"Its form says: {result.get('errors') or result.get('reason')}.")
        agent = await _agent(link)
        if agent is not None:
            await _prefer(link, agent)
        return agent


async def pipelines(link: Link) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return all voice pipelines, and the preferred one."""
    listed: dict[str, Any] = await link.ask("assist_pipeline/pipeline/list")
    found: list[dict[str, Any]] = listed["pipelines"]
    return found, next(pipeline for pipeline in found if pipeline["id"] == listed["preferred_pipeline"])


async def _tidy(link: Link, areas: Collection[str]) -> None:
    """Remove what onboarding adds by itself and this home has not: areas, a second shopping list, online services."""
    await link.ask("homeassistant/expose_new_entities/set", assistant="conversation", expose_new=False)
    for area in await link.ask("config/area_registry/list"):
        if area["area_id"] not in areas:
            await link.ask("config/area_registry/delete", area_id=area["area_id"])
    for entry in await link.ask("config_entries/get"):
        if entry["domain"] in ("google_translate", "met", "radio_browser", "shopping_list"):
            await link.delete(f"/api/config/config_entries/entry/{entry['entry_id']}")


async def _agent(link: Link) -> str | None:
    """Return Intendant's conversation entity."""
    for entity in await link.ask("config/entity_registry/list"):
        if entity["platform"] == INTEGRATION and entity["entity_id"].startswith("conversation."):
            return str(entity["entity_id"])
    return None


async def _prefer(link: Link, agent: str) -> None:
    """Let the preferred voice pipeline ask that agent."""
    _, preferred = await pipelines(link)
    if preferred["conversation_engine"] != agent:
        identity = preferred.pop("id")
        changed = {**preferred, "conversation_engine": agent}
        await link.ask("assist_pipeline/pipeline/update", pipeline_id=identity, **changed)
