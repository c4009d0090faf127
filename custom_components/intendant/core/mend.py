"""Mend kinds of things that speech recognition wrote with other characters of the same sound: 遮羊碰 is a 遮阳棚.

English is left as it is but for set phrases whose words would be taken for names ("side to side"). Only Chinese words of three characters and more are mended, and a few
of two that sound like nothing else.
"""

from __future__ import annotations

import re
from functools import cache

from .lexicon import LANGUAGES, kind_words, load_words
from .text import sound

_SHORT = frozenset({"空调", "窗帘", "风扇", "暖气"})


def mend(text: str) -> str:
    """Return a sentence with misheard kinds of things put right, and set phrases put plainly."""
    for language in LANGUAGES:
        for pattern, plain in load_words(language)["put_plainly"]:
            text = re.sub(pattern, plain, text, flags=re.IGNORECASE)
    table = _sounds()
    for size in (5, 4, 3, 2):
        for start in range(len(text) - size + 1):
            heard = text[start : start + size]
            meant = table.get(sound(heard)) if not heard.isascii() and len(heard) == size else None
            if meant and len(meant) == size and heard != meant and not _changes_number(heard, meant):
                text = text[:start] + meant + text[start + size :]
    return text


def _changes_number(heard: str, meant: str) -> bool:
    """Return whether a character that would be replaced is a numeral: 地暖七点 is no 地暖气."""
    return any(old in load_words("zh")["digits"] for old, new in zip(heard, meant, strict=True) if old != new)


@cache
def _sounds() -> dict[str, str]:
    """Return sound → word for the Chinese words that call a kind of thing."""
    words = [word for word in sorted(kind_words()) if not word.isascii() and (len(word) > 2 or word in _SHORT)]
    return {sound(word): word for word in words}
