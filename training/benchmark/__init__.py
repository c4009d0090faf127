"""Sentences said to real Home Assistants and scored by effect (CASES.md)."""
