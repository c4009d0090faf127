"""What the parts share: each is a module with `measure(bundle, quick)`, run as a process that writes JSON."""

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable

type Figures = dict[str, Any]


def run(measure: Callable[[Path, bool], Figures]) -> None:
    """Measure as the command line says: BUNDLE OUT [--quick]."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    figures = measure(options.bundle, options.quick)
    figures["load_before"] = round(load, 2)
    options.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def use_bundle(bundle: Path) -> None:
    """Let the integration take this bundle for the one that comes along, in every module that knows of that one."""
    import custom_components.intendant  # noqa: F401, PLC0415 - Home Assistant first, which the caller has imported

    for name, module in list(sys.modules.items()):
        if name.startswith("custom_components.intendant") and hasattr(module, "DEFAULT_BUNDLE"):
            patch.object(module, "DEFAULT_BUNDLE", bundle.resolve()).start()


def spread(values: list[float]) -> Figures:
    """Return count, median, 95 % quantile and maximum, in the values' unit."""
    cuts = quantiles(values, n=20, method="inclusive") if len(values) > 1 else values * 19
    return {
        "count": len(values),
        "median": round(median(values), 2),
        "p95": round(cuts[18], 2),
        "max": round(max(values), 2),
    }
