"""Write numbers, lists and untrusted text for people."""

from __future__ import annotations

import html
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from custseg.language import mark_in, percent_sign, say, say_in, say_many, signs, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# From here on, a number has more digits than anyone reads.
_MOST_IN_FULL = 1e15
# From here to here, a ratio is about 1 in the digits of which it is told.
_ABOUT_ONE = (0.95, 1.05)
# Shares that people have words for, by their percentage.
_FRACTIONS = {
    75: mark_in("of something", "three quarters"), 67: mark_in("of something", "two thirds"),
    50: mark_in("of something", "half"), 33: mark_in("of something", "a third"),
    25: mark_in("of something", "a quarter"), 20: mark_in("of something", "a fifth"),
    10: mark_in("of something", "a tenth"),
}  # fmt: skip
# What multiples are taken of.
AVERAGE = mark_in("a multiple of", "the average")
OVERALL_AVERAGE = mark_in("a multiple of", "the overall average")
THAT_OF_ALL = mark_in("a multiple of", "that of all customers")
_MARKDOWN = re.compile(r"([\\`*\[\]|~$^])")
# What begins or ends mathematics to Bokeh; and to Panel and notebooks in Markdown, where the signs are escaped.
_MATHEMATICS = re.compile(r"\$(?=\$)|\\(?=[\[\]()])")
# The embeddings, overrides and isolates of the bidirectional algorithm (Unicode Standard Annex 9).
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_MATHEMATICS_IN_MARKDOWN = re.compile(r"\\\$(?=\\\$)|\\\\(?=\\?[\[\]()]|begin\b|end\b)")
# Renderers also turn bare addresses into links: //x, a:x, a@b and a.com. With its sign escaped, none is a link.
_ADDRESS_SIGN = re.compile(r"(/(?=/)|:(?=\S)|@|\.(?=[^\W\d]))")
# At the start of a line these would make it a heading, a list or a rule.
_BLOCK_SIGN = re.compile(r"^(?:(\d+)(?=[.)](?:\s|$))|(?=[#+=-]))")
# An underscore inside a word is plain text in Markdown; one at a word's edge would start or end emphasis.
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")


def number(value: float) -> str:
    """Write a number with thousands separators and about three significant digits."""
    size = abs(value)
    if size < 1:
        return written(value, ".3g")
    return fixed(value, 0 if size >= 100 else 1 if size >= 10 else 2)


def fixed(value: float, decimals: int) -> str:
    """Write a number with thousands separators and this many decimals; halves are rounded up.

    Python rounds halves to even and browsers round them up, so 34708.5 would be 34,708 here and 34,709 there.
    """
    if not math.isfinite(value) or abs(value) >= _MOST_IN_FULL:
        return written(value, ".3g")
    return written(rounded(value, decimals), ",f")


def rounded(value: float, decimals: int) -> Decimal:
    """Round a finite number to this many decimals, halves up."""
    # Adding 0 removes the sign of a negative zero.
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def read_back(text: str) -> float:
    """Return the number that ``number`` or ``fixed`` has written."""
    decimal, thousands = signs()
    return float(text.replace(thousands, "").replace(decimal, "."))


def share(part: float) -> str:
    """Write a share as a percentage with one decimal, as in a column of a table: “72.0%”."""
    return percentage(fixed(100 * part, 1))


def percentage(number: str) -> str:
    """Put the sign of percent behind a number that is written already."""
    return f"{number}{percent_sign()}"


def percent(share: float) -> str:
    """Write a share as a percentage; “under 1%” and “over 99%” where it would round to 0 or 100."""
    if 0 < share <= 0.005:
        return say("under 1%")
    return say("over 99%") if 0.995 <= share < 1 else written(share, ".0%")


def times(ratio: float) -> str:
    """Write a ratio, to stand before “as much as”: “2.3 times”, “about”, “half”, “a fifth”, “47%”."""
    if ratio < _ABOUT_ONE[0]:
        fraction = _fraction(ratio)
        return say_in("of something", fraction) if fraction else say_in("of something", "{share}", share=percent(ratio))
    if ratio < _ABOUT_ONE[1]:
        return say_in("of something", "about")
    return say("{number} times", number=written(ratio, ",.0f") if ratio >= 10 else fixed(ratio, 1))


def _fraction(ratio: float) -> str:
    return _FRACTIONS.get(round(100 * ratio), "") if ratio > 0.005 else ""


def multiple(ratio: float, of: str) -> str:
    """Write a multiple of something: “2.3 times the average”, “half the average”, “47% of the average”."""
    many, whole = times(ratio), of and say_in("a multiple of", of)
    if ratio >= _ABOUT_ONE[0] or _fraction(ratio) == "half":
        return say("{many} {whole}", many=many, whole=whole)
    return say("{part} of {whole}", part=many, whole=whole)


def count(quantity: int, singular: str) -> str:
    """Write a number of things: “1 customer”, “316 customers”."""
    return say_many(f"{{quantity:,}} {singular}", f"{{quantity:,}} {singular}s", quantity)


def with_article(noun: str) -> str:
    """Return “a booking” or “an order”."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def join_words(parts: Sequence[str]) -> str:
    """Join parts as in a sentence: “a, b and c”."""
    return say(" and ").join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def join_choices(parts: Sequence[str]) -> str:
    """Join parts of which one holds: “a, b or c”."""
    return say(" or ").join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def capitalised(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it was."""
    return text[:1].upper() + text[1:]


def line_start(text: str) -> str:
    """Return a text as a line begins: a word in small letters gets a capital; “iPhone” and “v7” stay as they are."""
    first = text.split(maxsplit=1)[0].replace("-", "") if text.strip() else ""
    plain = len(first) > 1 and first.isalpha() and first.islower()
    return capitalised(text) if plain else text


def plain_label(text: str) -> str:
    r"""Keep an untrusted text from being taken for mathematics, for which a browser would run what it says.

    Bokeh does so between ``$$`` and ``$$``, ``\[`` and ``\]``, ``\(`` and ``\)``. A zero-width space breaks these up.
    """
    return _MATHEMATICS.sub("\\g<0>\u200b", " ".join(text.split()))


def straight(text: str) -> str:
    """Take out the signs that turn text around: after one in a name, 49.7 would be read as 7.94."""
    return _TURNING.sub("", text)


def escape_markdown(text: str) -> str:
    """Escape untrusted text so that Markdown shows it literally, neither as markup nor as HTML."""
    one_line = " ".join(text.split())
    escaped = _ADDRESS_SIGN.sub(r"\\\1", _MARKDOWN.sub(r"\\\1", one_line))
    return html.escape(_EDGE_UNDERSCORE.sub(r"\\_", _BLOCK_SIGN.sub(r"\1\\", escaped)), quote=False)


def untypeset(markdown: str) -> str:
    """Break up what Panel and notebooks would take for mathematics in Markdown in which untrusted text is escaped."""
    return _MATHEMATICS_IN_MARKDOWN.sub("\\g<0>\u200b", markdown)


def markdown_as_html(markdown: str) -> str:
    """Render Markdown, in which untrusted text is escaped, as HTML."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").render(markdown))


def as_written(markup: str) -> str:
    """Keep a notebook from looking for mathematics in HTML: between two dollar signs it would find some."""
    return f'<div class="tex2jax_ignore mathjax_ignore">{markup}</div>'


def paragraphs_as_html(texts: Iterable[str]) -> str:
    """Write plain texts as HTML paragraphs, escaped: they may contain names from a table."""
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)
