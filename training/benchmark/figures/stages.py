"""Where a turn's time goes: marking, feeding the prompt, writing, planning."""

import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from intendant_core import interpret, model
from intendant_core.bundle import load_bundle
from intendant_core.names import NameIndex

from .core_home import situation_of
from .homes import make_home, make_sentences
from .part import Figures, run, spread

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TURNS, _WARM_UP, _THINGS = 200, 10, 1000


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Take turns with the stages timed, in processor time, which other processes disturb least."""
    home = make_home(_THINGS)
    situation = situation_of(home, datetime.now(UTC))
    interpreter = interpret.Interpreter(load_bundle(bundle))
    sentences = make_sentences(home, 40 if quick else _TURNS)
    for sentence in sentences[:_WARM_UP]:
        interpreter.interpret(sentence, situation)
    watch = _Watch()
    turns = []
    with watch.watching():
        for sentence in sentences:
            began = time.process_time()
            interpreter.interpret(sentence, situation)
            turns.append((time.process_time() - began) * 1000)
    total = sum(turns) / 1000
    spent = watch.seconds
    spent["decode"] -= spent["prefill"]
    spent["other"] = total - sum(spent.values())
    return {
        "turn_cpu_ms": spread(turns),
        "share": {stage: round(seconds / total, 4) for stage, seconds in spent.items()},
        "prompt_tokens": spread(watch.prompts),
        "output_tokens": spread(watch.outputs),
        "passes": spread(watch.passes),
    }


class _Watch:
    """Times the stages that core/interpret.py goes through."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.prompts: list[float] = []
        self.outputs: list[float] = []
        self.passes: list[float] = []

    def watching(self) -> ExitStack:
        """Return a context in which everything is timed."""
        stack = ExitStack()
        names = {"clean": "mark", "find_quantities": "mark", "encode_pieces": "mark", "write_calls": "decode"}
        for name, stage in (names | {"plan_call": "plan", "decide": "plan"}).items():
            stack.enter_context(patch.object(interpret, name, self._timed(getattr(interpret, name), stage)))
        stack.enter_context(patch.object(NameIndex, "find", self._timed(NameIndex.find, "mark")))
        stack.enter_context(patch.object(model.Session, "feed", self._feed(model.Session.feed)))
        return stack

    def _timed(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (whatever the stage takes and gives)
            began = time.process_time()
            found = work(*args, **kwargs)
            self.seconds[stage] += time.process_time() - began
            if stage == "decode":
                self.outputs.append(found.tokens)
            return found

        return timed

    def _feed(self, work: Callable[..., None]) -> Callable[..., None]:
        def feed(session: model.Session, ids: list[int], *rest: int) -> None:
            began, first = time.process_time(), not session.length
            work(session, ids, *rest)
            if first:
                self.seconds["prefill"] += time.process_time() - began
                self.prompts.append(len(ids))
                self.passes.append(0)
            self.passes[-1] += 1

        return feed


if __name__ == "__main__":
    run(measure)
