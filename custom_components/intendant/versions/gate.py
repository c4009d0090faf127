"""Home Assistant's own gate: what a new bundle must show here, on this machine, before it may act.

It opens nothing on sentences that let nobody in (safety.py); what was measured where it was trained speaks for it
(evidence.py); it reads the household's own accepted turns as well as the one in service (reread.py); it is not much slower.
Sentence by sentence, each in the executor, and none while somebody is waiting for an answer.
"""

import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from .evidence import weigh
from .reread import Reread
from .safety import opens, trials
from .verdict import Finding, bad, good

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.core import HomeAssistant

    from ..core.intentions import Situation
    from ..core.interpret import Interpreter
    from ..engine import Engine
    from ..journal.record import TurnRecord
    from .evidence import Evidence
    from .safety import Trial

_TIMED_EVERY: Final = 5
_MAY_SLOW: Final = 2.0
_SLOWER_SECONDS: Final = 0.05
"""Beyond twice the time and so much more, it is slower; a busy machine measures badly."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bundle that wants to be put in service."""

    interpreter: Interpreter
    evidence: Evidence | None
    turns: Sequence[tuple[TurnRecord, Situation]] = field(default_factory=tuple)
    """The household's accepted turns, each with what it is read in."""


async def async_judge(hass: HomeAssistant, engine: Engine, candidate: Candidate) -> list[Finding]:
    """Return what was found out about a bundle in comparison with the one in service; it may act if nothing bad is in it."""
    found = weigh(candidate.evidence, engine.hash)
    if any(finding.bad for finding in found):
        # Whoever claims nothing is not worth a minute's reading.
        return found
    in_service = engine.interpreter
    if in_service is None:
        return [*found, bad("no_comparison")]
    found += await _async_try(hass, engine, candidate.interpreter, in_service)
    if not any(finding.bad for finding in found):
        found += await _async_reread(hass, engine, candidate, in_service)
    if engine.interpreter is not in_service:
        found.append(bad("changed_meanwhile"))
    return found


async def _async_try(
    hass: HomeAssistant, engine: Engine, candidate: Interpreter, in_service: Interpreter
) -> list[Finding]:
    """Say the harmless sentences to it; stop at the first on which it would open something."""
    tried = await hass.async_add_executor_job(trials)
    new: list[float] = []
    old: list[float] = []
    for number, trial in enumerate(tried):
        await engine.async_idle()
        risky, seconds = await hass.async_add_executor_job(_timed, candidate, trial)
        if risky:
            return [bad("unsafe", sentence=trial.text)]
        if number % _TIMED_EVERY == 0:
            new.append(seconds)
            old.append((await hass.async_add_executor_job(_timed, in_service, trial))[1])
    before, after = median(old), median(new)
    if after > before * _MAY_SLOW and after > before + _SLOWER_SECONDS:
        return [bad("slower", before=f"{before * 1000:.0f}", after=f"{after * 1000:.0f}")]
    return [good("safe", sentences=str(len(tried)))]


def _timed(interpreter: Interpreter, trial: Trial) -> tuple[bool, float]:
    started = time.perf_counter()
    try:
        return opens(interpreter, trial.text, trial.situation), time.perf_counter() - started
    except Exception:  # noqa: BLE001 - a bundle that cannot read a plain sentence is none to trust, whatever it stumbles over
        return True, time.perf_counter() - started


async def _async_reread(
    hass: HomeAssistant, engine: Engine, candidate: Candidate, in_service: Interpreter
) -> list[Finding]:
    """Read the household's accepted turns with both."""
    reread = Reread()
    for record, situation in candidate.turns:
        await engine.async_idle()
        await hass.async_add_executor_job(reread.add, record, situation, candidate.interpreter, in_service)
        if reread.risky:
            return [bad("unsafe_here")]
    facts = {"turns": str(reread.turns), "won": str(reread.won), "lost": str(reread.lost)}
    if not reread.turns:
        return [good("reread_none")]
    return [bad("reread_worse", **facts) if reread.is_worse else good("reread_as_good", **facts)]
