"""Tests. Only those in integration/ may use Home Assistant: scripts/test runs them in another environment."""
