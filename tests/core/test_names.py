"""Names of a home found in sentences, as a table: misspelt, misheard, shortened, in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intendant_core.mend import mend
from intendant_core.quantities import find_quantities

from .test_plan import build_house

if TYPE_CHECKING:
    from intendant_core.values import Mark

TABLE = yaml.safe_load((Path(__file__).parent / "tables" / "names.yaml").read_text(encoding="utf-8"))
HOUSE, _ = build_house(TABLE["home"])


def describe(mark: Mark, text: str) -> str:
    """Write a mark as the table does."""
    return " ".join([text[mark.start : mark.end], "=", *mark.types, *(ref.id for ref in mark.refs)])


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: row["say"])
def test_names(row: dict[str, Any]) -> None:
    """Every name that the sentence may mention is marked, and nothing else."""
    assert [describe(mark, row["say"]) for mark in HOUSE.names.find(row["say"])] == row["marks"]


@pytest.mark.parametrize("row", TABLE["colored"], ids=lambda row: row["say"])
def test_names_and_colors(row: dict[str, Any]) -> None:
    marks = HOUSE.names.find(row["say"], find_quantities(row["say"]))
    assert [describe(mark, row["say"]) for mark in marks] == row["marks"]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("打开遮羊碰", "打开遮阳篷"),
        ("割曹鸡开始干活", "割草机开始干活"),
        ("把窗连拉上", "把窗帘拉上"),
        ("把灯关了", "把灯关了"),
        ("turn on the light", "turn on the light"),
        ("have the fan go side to side", "have the fan oscillate"),
        ("it's a lovely morning, let some light in", "it's a lovely morning, open the blinds"),
        ("长颈鹿", "长颈鹿"),
        ("卧室地暖七点开始烧", "卧室地暖七点开始烧"),
        ("明天喃", "明天呢"),
    ],
)
def test_misheard_kinds_are_mended(heard: str, meant: str) -> None:
    assert mend(heard) == meant
