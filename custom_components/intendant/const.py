"""Names that several modules of the integration share."""

import logging
from pathlib import Path
from typing import Final

DOMAIN: Final = "intendant"
NAME: Final = "Intendant"
LOGGER: Final = logging.getLogger(__package__)

SUBENTRY_CONVERSATION: Final = "conversation"
SUBENTRY_STT: Final = "stt"
SUBENTRY_TTS: Final = "tts"

CONF_AREAS: Final = "areas"
CONF_BUNDLE: Final = "bundle"
CONF_SHADOW_FIRST: Final = "shadow_first"
CONF_FALLBACK_LANGUAGE: Final = "fallback_language"
CONF_HAND_OVER_TO: Final = "hand_over_to"
CONF_STRICTNESS: Final = "strictness"
CONF_ENGINE: Final = "engine"
ENGINE_WHISPER: Final = "whisper"
ENGINE_PIPER: Final = "piper"
ENGINE_ESPEAK: Final = "espeak"
ENGINE_SERVER: Final = "server"
CONF_VOICE: Final = "voice"
CONF_HINTS: Final = "hints"
CONF_RESCORE: Final = "rescore"
CONF_SUBENTRY: Final = "subentry_id"
CONF_HEAR_AND_SPEAK: Final = "hear_and_speak"
CONF_ASSISTANT: Final = "make_assistant"
CONF_SPEED: Final = "speed"
CONF_BREVITY: Final = "brevity"
BREVITIES: Final = ("full", "ok", "silent")
CONF_SENSITIVE: Final = "sensitive"
CONF_VOICE_POLICY: Final = "voice_policy"
CONF_APP_POLICY: Final = "app_policy"
CONF_GUARDED: Final = "guarded"
CONF_PIN: Final = "pin"
CONF_REMOVE_PIN: Final = "remove_pin"
CONF_PIN_HASH: Final = "pin_hash"
CONF_THINGS: Final = {policy: f"{policy}_things" for policy in ("allow", "confirm", "pin", "refuse")}
"""Policy → the option with the things that have it as their own."""
CONF_JOURNAL: Final = "journal"
CONF_ALLOWED: Final = "allowed"
CONF_DAYS: Final = "days"
CONF_TURNS: Final = "turns"
CONF_FORGET: Final = "forget"
STRICTNESS_ACT: Final = "act"
STRICTNESS_ASK: Final = "ask"

DEFAULT_BUNDLE: Final = Path(__file__).parent / "bundles" / "default"

ISSUE_BUNDLE_CORRUPT: Final = "bundle_corrupt"
ISSUE_BUNDLE_MISMATCH: Final = "bundle_mismatch"
ISSUE_BUNDLE_MISSING: Final = "bundle_missing"
ISSUE_ROLLED_BACK: Final = "rolled_back"
ISSUE_JOURNAL_DAMAGED: Final = "journal_damaged"
ISSUE_JOURNAL_KEY_LOST: Final = "journal_key_lost"

SERVICE_RELOAD_BUNDLE: Final = "reload_bundle"
SERVICE_EXPORT_JOURNAL: Final = "export_journal"
SERVICE_FORGET: Final = "forget"
SERVICE_LEARN_USAGE: Final = "learn_usage"

STEP_SECONDS: Final = 5.0
"""How long a turn waits for one service."""
UNDERSTAND_SECONDS: Final = 15.0
"""How long a turn waits for the model. Ten times what the slowest machine needs."""
MEMORY_SECONDS: Final = 180.0
"""How long a conversation is remembered, and a question waits for its answer."""
MEMORY_TURNS: Final = 5
"""How many turns "it" may reach back."""
