"""How numbers, lists and untrusted texts are written for people."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKDOWN = re.compile(r"([\\`*\[\]|~$^])")
# An underscore inside a word is plain text in Markdown; one at a word's edge would start or end emphasis.
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")


def number(value: float) -> str:
    """Write a number with thousands separators and about three significant digits."""
    size = abs(value)
    if size >= 1e15:
        return f"{value:.3g}"
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0 and value != 0:
        return f"{value:.2g}"
    return text


def percent(share: float) -> str:
    """Write a share as a percentage; one that is there but rounds to nothing as “under 1 %”."""
    return "under 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


def times(ratio: float) -> str:
    """Write a ratio: “2.3 times”."""
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.1f} times" if ratio >= 0.05 else "under 0.1 times"


def count(quantity: int, singular: str) -> str:
    """Write a number of things: “1 customer”, “316 customers”."""
    return f"{quantity:,} {singular}" if quantity == 1 else f"{quantity:,} {singular}s"


def together(parts: Sequence[str]) -> str:
    """Join parts as in a sentence: “a, b and c”."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def capitalised(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it was."""
    return text[:1].upper() + text[1:]


def escape_markdown(text: str) -> str:
    """Make an untrusted text show as itself in Markdown: neither markup nor HTML of its own."""
    one_line = " ".join(text.split())
    return html.escape(_EDGE_UNDERSCORE.sub(r"\\_", _MARKDOWN.sub(r"\\\1", one_line)), quote=False)
