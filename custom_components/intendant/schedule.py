"""What shall happen later: acts with a delay, and things that return to how they were. Survives a restart.

What came due while Home Assistant was down happens when it has started again, unless that is long ago.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .act import Speaker, async_act
from .const import DOMAIN, LOGGER
from .core.intentions import Step
from .restore import Former, async_restore, async_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

STORE_KEY = f"{DOMAIN}.schedule"
STORE_VERSION = 1
TOO_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that shall happen at a time: steps to carry out, or a former state to return to."""

    id: str
    at: datetime
    entity_ids: tuple[str, ...]
    language: str
    steps: tuple[Step, ...] = ()
    back_after: float | None = None
    former: Former | None = None
    user_id: str | None = None
    device_id: str | None = None
    satellite_id: str | None = None

    @property
    def speaker(self) -> Speaker:
        """Return who planned it, so that it may do what that person may do, and no more."""
        # With a parent, it is no work of that person's hands.
        context = Context(user_id=self.user_id, parent_id=self.id)
        return Speaker(context, self.language, self.device_id, self.satellite_id)


class Schedule:
    """All plans, in the order of their times."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare an empty schedule."""
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(hass, STORE_VERSION, STORE_KEY, private=True, atomic_writes=True)
        self._plans: dict[str, Plan] = {}
        self._timers: dict[str, Callable[[], None]] = {}
        self._stop_waiting: Callable[[], None] | None = None

    @property
    def plans(self) -> list[Plan]:
        """Return what is planned, what comes first first."""
        return sorted(self._plans.values(), key=lambda plan: plan.at)

    async def async_start(self) -> None:
        """Read what was planned before a restart; it happens as soon as everything has started."""
        stored = await self._store.async_load() or {"plans": []}
        for raw in stored["plans"]:
            plan = _from_json(raw)
            self._plans[plan.id] = plan
        self._stop_waiting = async_at_started(self._hass, self._async_arm_all)

    @callback
    def _async_arm_all(self, _hass: HomeAssistant) -> None:
        oldest = dt_util.utcnow() - TOO_LATE
        for plan in self.plans:
            if plan.at < oldest:
                LOGGER.warning("A plan is left out: its time passed while Home Assistant was down")
                del self._plans[plan.id]
            else:
                self._async_arm(plan)
        self._async_save()

    async def async_stop(self) -> None:
        """Let the timers go; the plans stay on disk."""
        if self._stop_waiting:
            self._stop_waiting()
        for stop in self._timers.values():
            stop()
        self._timers.clear()
        # Whoever starts next, after a reload, reads what is on disk then.
        await self._store.async_save(self._as_json())

    @callback
    def async_plan(
        self,
        steps: Sequence[Step],
        entity_ids: Iterable[str],
        seconds: float,
        speaker: Speaker,
        back_after: float | None = None,
    ) -> Plan:
        """Plan steps for later."""
        plan = _new_plan(seconds, speaker, entity_ids)
        return self._async_add(replace(plan, steps=tuple(steps), back_after=back_after))

    @callback
    def async_plan_return(self, former: Former, seconds: float, speaker: Speaker) -> Plan:
        """Plan that things return to how they were. What was to return already keeps what it was to return to."""
        kept = dict(former)
        for plan in self.plans:
            if plan.former and (again := plan.former.keys() & kept.keys()):
                kept |= {entity_id: plan.former[entity_id] for entity_id in again}
                self._async_forget_things(plan, again)
        return self._async_add(replace(_new_plan(seconds, speaker, kept), former=kept))

    @callback
    def async_cancel(self, ids: Iterable[str]) -> list[Plan]:
        """Cancel plans; return those that were still to come."""
        gone = [plan for plan_id in ids if (plan := self._async_take(plan_id))]
        self._async_save()
        return gone

    async def async_remove(self) -> None:
        """Remove everything from disk."""
        await self._store.async_remove()

    @callback
    def _async_add(self, plan: Plan) -> Plan:
        self._plans[plan.id] = plan
        self._async_arm(plan)
        self._async_save()
        return plan

    @callback
    def _async_arm(self, plan: Plan) -> None:
        async def happen(_now: datetime) -> None:
            await self._async_happen(plan.id)

        self._timers[plan.id] = async_track_point_in_utc_time(self._hass, happen, plan.at)

    @callback
    def _async_take(self, plan_id: str) -> Plan | None:
        if stop := self._timers.pop(plan_id, None):
            stop()
        return self._plans.pop(plan_id, None)

    @callback
    def _async_forget_things(self, plan: Plan, entity_ids: Iterable[str]) -> None:
        former = {key: value for key, value in (plan.former or {}).items() if key not in entity_ids}
        if former:
            self._plans[plan.id] = replace(plan, former=former, entity_ids=tuple(former))
        else:
            self._async_take(plan.id)

    async def _async_happen(self, plan_id: str) -> None:
        plan = self._async_take(plan_id)
        if plan is None:
            return
        self._async_save()
        if plan.former is not None:
            outcome = await async_restore(self._hass, plan.former, plan.speaker)
        else:
            former = async_snapshot(self._hass, plan.entity_ids) if plan.back_after else {}
            outcome = await async_act(self._hass, plan.steps, plan.speaker)
            if plan.back_after and former:
                self.async_plan_return(former, plan.back_after, plan.speaker)
        if outcome.failed:
            LOGGER.warning("A plan failed: %s", ", ".join(sorted(set(outcome.failed.values()))))

    @callback
    def _async_save(self) -> None:
        self._store.async_delay_save(self._as_json, 1)

    @callback
    def _as_json(self) -> dict[str, Any]:
        return {"plans": [{**asdict(plan), "at": plan.at.isoformat()} for plan in self.plans]}


def _new_plan(seconds: float, speaker: Speaker, entity_ids: Iterable[str]) -> Plan:
    return Plan(
        ulid_now(),
        dt_util.utcnow() + timedelta(seconds=seconds),
        tuple(entity_ids),
        speaker.language,
        user_id=speaker.context.user_id,
        device_id=speaker.device_id,
        satellite_id=speaker.satellite_id,
    )


def _from_json(raw: Mapping[str, Any]) -> Plan:
    former = raw["former"]
    return Plan(
        **{
            **raw,
            "at": datetime.fromisoformat(raw["at"]),
            "entity_ids": tuple(raw["entity_ids"]),
            "steps": tuple(Step(step["service"], tuple(step["entity_ids"]), step["data"]) for step in raw["steps"]),
            "former": {key: (state, attributes) for key, (state, attributes) in former.items()} if former else None,
        }
    )
