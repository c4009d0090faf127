"""Put verdicts into tables, with the uncertainty that so many cases leave."""

import math
from collections import Counter
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from .score import ASKED, NOTHING, PARTIAL, RIGHT, WRONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Z = 1.96
LEVELS = ("easy", "natural", "hard")


@dataclass(frozen=True)
class Scored:
    """One case, what the agent did, and the verdict."""

    agent: str
    record: dict[str, Any]
    verdict: str
    reasons: list[str]

    @property
    def language(self) -> str:
        """Return the language the sentence was said in."""
        return str(self.record["where"]["language"])

    @property
    def level(self) -> str:
        """Return how hard the sentence is meant to be."""
        return str(self.record["case"].get("level"))

    @property
    def kind(self) -> str:
        """Return what the sentence is about."""
        return str(self.record["case"].get("kind"))


def report(scored: list[Scored]) -> str:
    """Return the whole report as Markdown."""
    parts = ["# Benchmark", _overview(scored), "## By kind", _kinds(scored), "## Small talk and speed", _rest(scored)]
    return "\n\n".join(parts) + "\n"


def failures(scored: Iterable[Scored]) -> str:
    """Return every case that was not right, one block each."""
    blocks = []
    for one in scored:
        if one.verdict == RIGHT:
            continue
        where, case = one.record["where"], one.record["case"]
        place = f", said in {case['area']}" if case.get("area") else ""
        calls = "; ".join(f"{call['service']} {call['data']}" for call in one.record["calls"]) or "none"
        blocks.append(
            f"{one.verdict.upper()} {where['home']}.{where['language']} #{where['number']} "
            f"({one.level}, {one.kind}{place})\n"
            f"  said:  {' | '.join([*(case.get('earlier') or ()), case['say']])}\n"
            f"  reply: {_replies(one.record)}\n"
            f"  calls: {calls}\n" + "".join(f"  - {reason}\n" for reason in one.reasons)
        )
    return "\n".join(blocks)


def _replies(record: dict[str, Any]) -> str:
    """Return what was answered, also to the yes that followed."""
    return " | yes: ".join([record["reply"], *([record["confirmed"]["reply"]] if "confirmed" in record else [])])


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, as shares."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def _overview(scored: list[Scored]) -> str:
    """Return the table of language and level for each agent."""
    rows = []
    for language in sorted({one.language for one in scored}):
        of_language = [one for one in scored if one.language == language]
        for level in (*LEVELS, "all"):
            rows += [_row(language, level, agent, of_language) for agent in _agents(scored)]
    head = "| language | level | agent | cases | right % | wrong action % | asked % | partial % | nothing % |"
    return "\n".join([head, "|---|---|---|--:|--:|--:|--:|--:|--:|", *(row for row in rows if row)])


def _row(language: str, level: str, agent: str, scored: list[Scored]) -> str:
    """Return one row, or nothing where there are no cases."""
    group = [one for one in scored if one.agent == agent and level in (one.level, "all")]
    if not group:
        return ""
    shares = [_share(group, verdict) for verdict in (RIGHT, WRONG, ASKED, PARTIAL, NOTHING)]
    return f"| {language} | {level} | {agent} | {len(group)} | " + " | ".join(shares) + " |"


def _kinds(scored: list[Scored]) -> str:
    """Return right and wrong per kind, languages together."""
    agents = _agents(scored)
    head = "| kind | cases | " + " | ".join(f"{agent} right % | {agent} wrong %" for agent in agents) + " |"
    rows = [head, "|---|--:|" + "--:|--:|" * len(agents)]
    counts = Counter(one.kind for one in scored if one.agent == agents[0])
    for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        cells = []
        for agent in agents:
            group = [one for one in scored if one.agent == agent and one.kind == kind]
            cells += [_share(group, RIGHT), _share(group, WRONG)]
        rows.append(f"| {kind} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _rest(scored: list[Scored]) -> str:
    """Return how often small talk led to an action, and how long answers took."""
    rows = ["| agent | small talk | acted on it % | median ms | p95 ms |", "|---|--:|--:|--:|--:|"]
    for agent in _agents(scored):
        group = [one for one in scored if one.agent == agent]
        chats = [one for one in group if one.record["case"].get("chat")]
        times = [float(one.record["ms"]) for one in group]
        late = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        acted = _share(chats, lambda one: one.verdict != RIGHT)
        rows.append(f"| {agent} | {len(chats)} | {acted} | {median(times):.0f} | {late:.0f} |")
    return "\n".join(rows)


def _share(group: list[Scored], wanted: str | Callable[[Scored], bool]) -> str:
    """Return a percentage with its interval."""
    if not group:
        return "-"
    hits = sum(one.verdict == wanted if isinstance(wanted, str) else wanted(one) for one in group)
    low, high = wilson(hits, len(group))
    return f"{100 * hits / len(group):.1f} ({100 * low:.1f}-{100 * high:.1f})"


def _agents(scored: list[Scored]) -> list[str]:
    """Return the agents in the order in which they appear."""
    return list(dict.fromkeys(one.agent for one in scored))
