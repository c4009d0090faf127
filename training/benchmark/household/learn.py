"""What a household does on a Sunday night: the journal is fetched, learnt from, checked, and the bundle sent back, all as a user would.

training/personalise does it in a process of its own, over the API of the Home Assistant that runs here.
"""

import asyncio
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custom_components.intendant.const import DEFAULT_BUNDLE

from .house import folder_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .house import Lived

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-training/bin/python"
_EVERY = 0.5
"""Seconds between two looks whether the bundle has been judged."""
_SETTLED = frozenset({"in_service", "shadow", "refused"})
_JUDGED_WITHIN = 600
"""Seconds."""


async def personalise(
    lived: Lived, config: Path, work: Path, arguments: Sequence[str], journal: Path | None = None
) -> dict[str, Any]:
    """Learn from the journal that is kept here, or from an exported file; return what came of it.

    `stage` says how far it came: "journal" (refused as a whole), "gate" (the bundle was not better), "home assistant"
    (sent in, and refused there), "in service" or "passed" (from a file, which nobody sends).
    """
    before = await lived.page.ask("bundles/list")
    bundle = folder_of(config, before["in_service"], DEFAULT_BUNDLE)
    token = work.parent / "token.txt"
    token.parent.mkdir(parents=True, exist_ok=True)
    token.touch(0o600)
    token.write_text(lived.token, encoding="utf-8")
    verdict = work / "gate/gate.json"
    verdict.unlink(missing_ok=True)
    shutil.rmtree(work / "ways", ignore_errors=True)
    source = [str(journal)] if journal else [lived.url, "--token-file", str(token)]
    status, said = await call("training.personalise", *source, "--work", str(work), "--bundle", str(bundle), *arguments)
    token.unlink()
    found: dict[str, Any] = {"said": said[-600:], "status": status}
    report = work / "ways/report.json"
    if report.exists():
        found["ways"] = json.loads(report.read_text(encoding="utf-8"))
    if not verdict.exists():
        return {**found, "stage": "journal"}
    gate = json.loads(verdict.read_text(encoding="utf-8"))
    found["gate"] = gate
    if gate["verdict"] != "passed":
        return {**found, "stage": "gate"}
    return {**found, "stage": "passed"} if journal else {**found, **await judged(lived, before)}


async def judged(lived: Lived, before: dict[str, Any]) -> dict[str, Any]:
    """Wait until Home Assistant has judged what was sent in; return where it came to, and why."""
    known = {(version["version"], version["state"]) for version in before["versions"]}
    new: list[dict[str, Any]] = []
    for _ in range(int(_JUDGED_WITHIN / _EVERY)):
        now = await lived.page.ask("bundles/list")
        new = [version for version in now["versions"] if (version["version"], version["state"]) not in known]
        # Between the verdict and what follows from it, a version is nowhere, or only kept.
        if any(version["state"] in _SETTLED for version in new) and not any(v["state"] == "checking" for v in new):
            break
        await asyncio.sleep(_EVERY)
    why = [{key: version[key] for key in ("version", "state", "why")} for version in new]
    served = now["in_service"] != before["in_service"]
    return {"stage": "in service" if served else "home assistant", "in_service": now["in_service"], "versions": why}


async def call(module: str, *arguments: str) -> tuple[int, str]:
    """Run a module of training in its own environment; return its status, and what it said."""
    process = await asyncio.create_subprocess_exec(
        PYTHON, "-m", module, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode(errors="replace").strip()
