"""The words in the name of a column: by capitals, signs between letters, and digits."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")


def split_name(name: str) -> list[str]:
    """Return the words of a name in their order, in small letters: “MntWines” and “mnt_wines” are mnt and wines."""
    return [word.lower() for word in _WORDS.findall(name)]
