"""From sound to words: the engines behind stt.py, one file each, and what they share."""
