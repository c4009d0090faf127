"""Measure what the README states: `scripts/bench`. Each part runs in a process of its own."""
