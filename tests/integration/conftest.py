"""Home Assistant for the tests of the integration."""

import pytest


@pytest.fixture(autouse=True)
def _load_intendant(enable_custom_integrations: None) -> None:
    """Let the test instance see custom_components."""
