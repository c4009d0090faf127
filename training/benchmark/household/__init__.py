"""The simulated household lives its weeks with Intendant in a real Home Assistant, with and without learning (README.md)."""
