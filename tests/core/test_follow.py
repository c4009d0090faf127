"""What a sentence leaves out is taken from the turn before."""

from __future__ import annotations

import pytest

from intendant_core.follow import carry_over
from intendant_core.notation import format_calls, parse_calls
from intendant_core.values import Reading


def read(text: str, call: str) -> Reading:
    return Reading(text, "en", (), parse_calls(call))


@pytest.mark.parametrize(
    ("before", "said", "call", "meant"),
    [
        ('play query="jazz"', "on the kitchen speaker", 'play "kitchen speaker"', 'play "kitchen speaker" query="jazz"'),
        ("less light brightness=little", "bit more", "more it brightness=little", "less it brightness=little"),
        ("less light brightness=little", "a little further please", "more it brightness=some", "less it brightness=some"),
        ("less media volume=some", "再小一点", "less media volume=some", "less media volume=some"),
        ("less media volume=some", "再来一点", "more it volume=some", "less it volume=some"),
        ("less light brightness=little", "a bit brighter", "more it brightness=little", "more it brightness=little"),
        ("set it color_temp=cool", "little brighter", "more light brightness=little", "more it brightness=little"),
        ('set "Hue" color_temp=cool', "little brighter", "more light brightness=little", "more it brightness=little"),
        ('set "Hue" color_temp=cool', "bit dimmer pls", "less light here brightness=little", "less it brightness=little"),
        ('set "Hue" color_temp=cool', "lights a bit dimmer", "less light brightness=little", "less light brightness=little"),
        ('set "Hue" color_temp=cool', "再亮一点", "more light brightness=little", "more it brightness=little"),
        ('on "radio"', "little brighter", "more light brightness=little", "more light brightness=little"),
        ("timer_start", "pause it", "pause it", "timer_pause"),
        ("timer_start", "cancel it we're getting a takeaway", "cancel", "timer_cancel"),
        ("timer_ask", "carry on", "play", "timer_resume"),
        ("timer_start", "pause the music", "pause media", "pause media"),
        ("on light", "pause it", "pause it", "pause it"),
        ('add item="eggs" item="milk"', "tick them off", 'complete item="them"', 'complete item="eggs" item="milk"'),
        ('add item="eggs"', "take it off again", "remove it", 'remove item="eggs"'),
        ('add item="eggs"', "tick the milk off", 'complete item="milk"', 'complete item="milk"'),
        ("on light", "tick them off", 'complete item="them"', 'complete item="them"'),
    ],
)  # fmt: skip
def test_carry_over(before: str, said: str, call: str, meant: str) -> None:
    assert format_calls(carry_over(read(said, call), read("before", before)).calls) == meant


def test_without_a_turn_before_nothing_is_carried_over() -> None:
    reading = read("pause it", "pause it")
    assert carry_over(reading, None) is reading
