"""Write the figures of spoken commands as Markdown."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .part import Figures

_LANGUAGES = {"en": "English", "zh": "Chinese"}


def speech_lines(figures: Figures) -> Iterator[str]:
    """Yield the tables of times, of accuracy, and of names."""
    yield from _timing(figures["timing"])
    yield ""
    yield from _spoken(figures["spoken"])
    yield ""
    yield from _names(figures["names"])


def _timing(figures: Figures) -> Iterator[str]:
    command = figures["command_s"]
    yield f"Commands of {command['median']:.1f} s (median of {command['count']}), Whisper base in int8, Piper; seconds, median / p95."
    yield ""
    yield "| from | turns | errors | heard | service called | first byte of the spoken answer |"
    yield "|---|--:|--:|--:|--:|--:|"
    for key, what in (
        ("from_end_of_recording", "the end of the recording"),
        ("from_end_of_speech_live", "the end of speech, Home Assistant noticing it by itself"),
    ):
        times = figures[key]
        cells = [_seconds(times[stage]) for stage in ("heard", "service_called", "first_sound")]
        yield f"| {what} | {times['turns']} | {times['errors']} | {' | '.join(cells)} |"
    factor, together, memory = figures["real_time_factor"], figures["satellites"], figures["memory_mb"]
    yield ""
    yield f"- a second of sound takes {_seconds(factor['hearing'])} s to be heard, {_seconds(factor['speaking'])} s to be spoken"
    last = f"; the last answer was there after {together['answered_s']['max']:.1f} s" if together["answered_s"] else ""
    yield f"- {together['at_once']} satellites at once: {together['answered']} answered{last}"
    yield f"- memory added: {memory['added_by_loading']} MB once loaded, {memory['added_after_turns']} MB after these turns (Intendant's own model among it)"


def _spoken(figures: Figures) -> Iterator[str]:
    yield "| spoken commands | sentences | right | of what is right as text | wrong actions | word for word | by voice |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for language, conditions in figures.items():
        for condition, found in conditions.items():
            low, high = found["interval"]
            voices = ", ".join(f"{voice} {each['right']} %" for voice, each in found.get("voices", {}).items())
            cells = [f"{_LANGUAGES[language]}, {condition}", found["count"], f"{found['right']} % ({low}-{high})"]
            cells += [
                _percent(found.get("relative")),
                f"{found['wrong']} %",
                _percent(found.get("word_for_word")),
                voices,
            ]
            yield "| " + " | ".join(map(str, cells)) + " |"


def _names(figures: Figures) -> Iterator[str]:
    yield "| names of one home | noise | names not heard | commands right | wrong actions |"
    yield "|---|---|--:|--:|--:|"
    for language, found in figures.items():
        for way, by_noise in found["ways"].items():
            for noise, shares in by_noise.items():
                cells = [f"{_LANGUAGES[language]} ({found['names']}), {way}", noise]
                cells += [f"{shares[key]} %" for key in ("names_missed", "commands_right", "commands_wrong")]
                yield "| " + " | ".join(cells) + " |"


def _seconds(spread: Figures | None) -> str:
    return f"{spread['median']:.2f} / {spread['p95']:.2f}" if spread else "-"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value} %"
