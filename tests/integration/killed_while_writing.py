"""Writes turns into a journal until it is killed. For test_journal_file.py: FOLDER KEY."""

import sys
from pathlib import Path

from homeassistant.util import dt as dt_util

from custom_components.intendant.journal.cipher import Cipher
from custom_components.intendant.journal.record import TurnRecord
from custom_components.intendant.journal.store import JournalFile

if __name__ == "__main__":
    file = JournalFile(Path(sys.argv[1]) / "journal.db", Cipher(sys.argv[2]))
    turn_id = file.last_id
    while True:
        turn_id += 1
        file.add(TurnRecord(turn_id, dt_util.utcnow(), "conversation.x", utterance=f"sentence {turn_id} " + "x" * 2000))
        print(turn_id, flush=True)  # noqa: T201 - what was written is told to the test
