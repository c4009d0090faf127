"""Sentences are read in one form."""

from __future__ import annotations

import pytest

from intendant_core.text import lower


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Kitchen LIGHTS", "kitchen lights"),
        ("把燈打開", "把灯打开"),
        ("幫我把客廳的冷氣調到二十六度", "帮我把客厅的冷气调到二十六度"),
        ("開著後門", "开着后门"),
        ("İstanbul", "İstanbul"),
        ("Straße", "straße"),
    ],
)
def test_lower_keeps_every_place(text: str, read_as: str) -> None:
    assert lower(text) == read_as
    assert len(lower(text)) == len(text)
