"""Say sentences over the network API and show what came of them."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .furniture import view
from .settings import DemoError

if TYPE_CHECKING:
    from .link import Link

WATCHED = ("call_service", "state_changed", "furnished_announced", "furnished_timer")
IGNORED = {"assist_satellite", "conversation", "calendar", "zone", "sun", "stt", "tts"}
# Service calls may go on for a moment after the reply.
QUIET = 0.15


@dataclass
class Talk:
    """One conversation with the home, from one place in it."""

    link: Link
    language: str
    agent: str
    device: str | None = None
    conversation: str | None = None
    names: dict[str, str] = field(default_factory=dict)

    async def begin(self, area: str | None) -> None:
        """Watch what happens, and stand in an area."""
        for kind in WATCHED:
            await self.link.ask("subscribe_events", event_type=kind)
        self.device = await self._satellite(area)
        for state in await self.link.ask("get_states"):
            self.names[state["entity_id"]] = state["attributes"].get("friendly_name", state["entity_id"])

    async def say(self, sentence: str) -> bool:
        """Say it, print what happened, and return whether anything was done or answered."""
        self.link.events.clear()
        began = time.perf_counter()
        result = await self.link.ask(
            "conversation/process",
            text=sentence,
            language=self.language,
            agent_id=self.agent,
            device_id=self.device,
            conversation_id=self.conversation,
        )
        milliseconds = (time.perf_counter() - began) * 1000
        await self.link.settle(QUIET)
        self.conversation = result["conversation_id"]
        done = self.show(result["response"])
        print(f"  ({milliseconds:.0f} ms, {self.agent})")
        return done

    def show(self, response: dict[str, Any]) -> bool:
        """Print an answer and what happened; return whether anything was done or answered."""
        print(response["speech"].get("plain", {}).get("speech") or "(no words)")
        for line in dict.fromkeys(line for event in self.link.events for line in self._lines(event)):
            print(f"  {line}")
        return bool(response["response_type"] != "error")

    async def _satellite(self, area: str | None) -> str | None:
        """Return the voice device of an area, by its id or name; without an area, the phone."""
        wanted = "phone"
        if area is not None:
            areas = await self.link.ask("config/area_registry/list")
            names = {word.casefold(): a["area_id"] for a in areas for word in (a["area_id"], a["name"], *a["aliases"])}
            if area.casefold() not in names:
                raise DemoError(f"There is no area {area}. There are: {', '.join(a['area_id'] for a in areas)}")
            wanted = names[area.casefold()]
        for device in await self.link.ask("config/device_registry/list"):
            if ["furnished", f"satellite_{wanted}"] in device["identifiers"]:
                return str(device["id"])
        return None

    def _lines(self, event: dict[str, Any]) -> list[str]:
        """Return what to print of one event."""
        data = event["data"]
        match event["event_type"]:
            case "call_service":
                return [self._call(data)]
            case "state_changed":
                return self._change(data)
            case "furnished_announced":
                return [f"announced: {data['message']}"]
        return [f"timer {data['event']}: {data['name'] or 'without a name'}, {data['seconds']} s"]

    def _call(self, data: dict[str, Any]) -> str:
        """Return a service call in one line."""
        told = {key: value for key, value in data["service_data"].items() if key != "entity_id"}
        entities = data["service_data"].get("entity_id") or []
        entities = [entities] if isinstance(entities, str) else entities
        words = [", ".join(entities), *(f"{key}={value}" for key, value in told.items())]
        return f"{data['domain']}.{data['service']} {' '.join(word for word in words if word)}"

    def _change(self, data: dict[str, Any]) -> list[str]:
        """Return a state change in one line, in the words of demo/HOMES.md."""
        entity, old, new = data["entity_id"], data["old_state"], data["new_state"]
        if entity.partition(".")[0] in IGNORED or not old or not new:
            return []
        before = view(entity, old["state"], old["attributes"])
        after = view(entity, new["state"], new["attributes"])
        changes = [
            f"{key} {before.get(key, '-')} → {after.get(key, '-')}"
            for key in {**before, **after}
            if before.get(key) != after.get(key)
        ]
        return [f"{self.names.get(entity, entity)}: {', '.join(changes)}"] if changes else []
