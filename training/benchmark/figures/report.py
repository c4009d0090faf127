"""Write the figures as Markdown."""

from typing import TYPE_CHECKING

from .report_speech import speech_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .part import Figures


def to_markdown(found: Figures) -> str:
    """Return every figure that was measured, part by part."""
    machine = found["machine"]
    lines = [
        "# Figures",
        "",
        f"Measured on {machine['cores']} cores ({machine['processor']}), Python {machine['python']}, bundle {machine['bundle']} (recipe {machine['recipe']}).",
    ]
    for part, write in (
        ("latency", _latency),
        ("memory", _memory),
        ("stages", _stages),
        ("fuzz", _fuzz),
        ("journal", _journal),
    ):
        if part in found:
            lines += ["", f"## {part.capitalize()} (load average before: {found[part]['load_before']})", ""]
            lines += write(found[part])
    if "sensitive" in found:
        figures = found["sensitive"]
        lines += ["", "## Sensitive", "", f"- {len(figures['breaches'])} things opened without what they take, in {figures['turns']:,} turns of {figures['conversations']:,} conversations"]  # fmt: skip
        lines += [f"- {figures['asked']:,} turns were answered with a question; {figures['granted']} things opened after the yes they take"]  # fmt: skip
        lines += [f"- {breach}" for breach in figures["breaches"][:20]]
    if "speech" in found:
        lines += [
            "",
            f"## Speech (load average before: {found['speech']['load_before']})",
            "",
            *speech_lines(found["speech"]),
        ]
    for part in ("accuracy", "dialogues"):
        if part in found:
            lines += ["", f"## {part.capitalize()}", "", str(found[part]["report"] or "The benchmark did not run.")]
    return "\n".join(lines) + "\n"


def _latency(figures: Figures) -> Iterator[str]:
    yield "| exposed things | turns | answer, median | p95 | processor time, median | to the service call, median | loop blocked in turns, p95 / longest | idle, longest | home read again | loop blocked meanwhile |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for size, home in figures["homes"].items():
        turn, act, blocked, again = home["turn_ms"], home["to_service_ms"] or {}, home["loop_blocked_ms"], home["rebuild"]  # fmt: skip
        cells = [size, turn["count"], _ms(turn["median"]), _ms(turn["p95"]), _ms(home["cpu_ms"]["median"]), _ms(act.get("median")), f"{_ms(blocked['turns']['p95'])} / {_ms(blocked['turns']['max'])}"]  # fmt: skip
        cells += [_ms(blocked["idle"]["max"]), _ms(again["ms"]["median"]), _ms(again["loop_blocked_ms"]["max"])]
        yield "| " + " | ".join(map(str, cells)) + " |"
    yield ""
    yield f"The largest home takes {figures['largest_to_smallest']} times as long as the smallest."


def _memory(figures: Figures) -> Iterator[str]:
    yield f"- added to the process: {figures['added_after_turns_mb']} MB after 50 turns ({figures['added_by_load_mb']} MB once loaded; peak of the process {figures['peak_mb']} MB)"
    yield f"- bundle: {figures['bundle_mb']} MB; loads in {figures['load_s']} s, and the libraries in {figures['import_s']} s"


def _stages(figures: Figures) -> Iterator[str]:
    turn = figures["turn_cpu_ms"]
    yield f"- processor time of a turn: {_ms(turn['median'])}, p95 {_ms(turn['p95'])} ({turn['count']} turns)"
    yield "- share: " + ", ".join(f"{stage} {share:.1%}" for stage, share in figures["share"].items())
    for name, what in (("prompt_tokens", "tokens of a prompt"), ("output_tokens", "tokens of an output"), ("passes", "passes of the network")):  # fmt: skip
        yield f"- {what}: {figures[name]['median']:.0f}, p95 {figures[name]['p95']:.0f}"


def _fuzz(figures: Figures) -> Iterator[str]:
    grammar, garbage = figures["grammar"], figures["garbage"]
    yield f"- random scores through the grammar: {grammar['wrong']} of {grammar['turns']:,} outputs wrong"
    yield f"- garbage through the model: {garbage['failed']} of {garbage['turns']} turns failed, slowest {_ms(garbage['slowest_cpu_ms'])}; it would act on {garbage['would_act']}"
    yield from (f"- {example}" for example in [*grammar["examples"], *garbage["examples"]])


def _journal(figures: Figures) -> Iterator[str]:
    note, page = figures["note_ms"], figures["page_ms"]
    yield f"- {figures['turns']:,} turns, {figures['file_mb']} MB"
    yield f"- noting a turn holds the event loop up for {_ms(note['median'])}, p95 {_ms(note['p95'])}, at most {_ms(note['max'])} ({note['count']} turns); it works {_ms(figures['note_cpu_ms']['median'])}, p95 {_ms(figures['note_cpu_ms']['p95'])}, at most {_ms(figures['note_cpu_ms']['max'])}"
    yield "- a page of 50 turns: " + ", ".join(
        f"{name} {_ms(spent['median'])} (at most {_ms(spent['max'])})" for name, spent in page.items()
    )
    yield f"- figures of 90 days: {_ms(figures['figures_ms']['median'])}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} ms"
