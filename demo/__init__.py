"""The demo: a real Home Assistant with a furnished home, started, set up and spoken to over its network API."""
