"""The parts of `furnished` that know nothing of Home Assistant, without the seconds that importing it takes."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

from .settings import ROOT

__all__ = ["Home", "HomeError", "load_home", "view"]

if TYPE_CHECKING:
    from types import ModuleType

    from demo.custom_components.furnished.home import Home, HomeError, load_home
    from demo.custom_components.furnished.view import view


def _load(name: str) -> ModuleType:
    """Load one file of the package without the package."""
    spec = spec_from_file_location(f"demo_{name}", ROOT / f"demo/custom_components/furnished/{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if not TYPE_CHECKING:
    _home = _load("home")
    Home, HomeError, load_home = _home.Home, _home.HomeError, _home.load_home
    view = _load("view").view
