"""In which encoding a text is that says nothing of it and is not UTF-8."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

USUAL = "cp1252"
# What spreadsheets and tills write where Windows-1252 has not the letters; later ones come only where they fit better.
_REGIONAL = (USUAL, "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp932", "gb18030")
_IDEOGRAPHIC = ("cp932", "gb18030")
_LINE_WITH_MORE_THAN_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_MOST_BYTES = 1 << 14
# Fewer letters are too few to tell a language by, and Windows-1252 is by far the most common.
_FEWEST_LETTERS = 8
_FEWEST_COHERENT = 0.2
# By how much another language must fit better. With this, no file in a language of western Europe was taken for another
# (of 432 made of few names); those in Czech, Hungarian and Turkish are not told from them.
_CLEARLY = 0.06
# Letters of other alphabets come out as these within words.
_SIGN_WITHIN_WORD = re.compile("[^\\W\\d_][\u00b9\u00b3\u00bc\u00be\u00bf\u00a3\u00a5][^\\W\\d_]")
# Letters of ISO 8859-2 are control characters of nobody's text in this range.
_WINDOWS_ALONE = re.compile(rb"[\x80-\x9f]")
_IDEOGRAM = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def guess_encoding(start: bytes) -> str:
    """Return the encoding of a text, of which ``start`` is the beginning: Windows-1252 where no other fits clearly."""
    lines = b"\n".join(_LINE_WITH_MORE_THAN_ASCII.findall(start))[:_MOST_BYTES]
    if sum(byte >= 0x80 for byte in lines) < _FEWEST_LETTERS:
        return USUAL
    from charset_normalizer import from_bytes

    matches = {match.encoding: match for match in from_bytes(lines, cp_isolation=list(_REGIONAL))}
    usual = matches.pop(USUAL, None)
    fitting = [matches[name] for name in _REGIONAL if name in matches and _fits(matches[name])]
    if not fitting:
        return USUAL
    best = min(fitting, key=_misfit)
    if usual and not _SIGN_WITHIN_WORD.search(str(usual)) and _misfit(usual) <= _misfit(best) + _CLEARLY:
        return USUAL
    if best.encoding in ("cp1250", "iso8859_2"):
        return "cp1250" if _WINDOWS_ALONE.search(lines) else "iso8859_2"
    return str(best.encoding)


def _misfit(match: CharsetMatch) -> float:
    return match.chaos - match.coherence


def _fits(match: CharsetMatch) -> bool:
    """Whether a match is a language, or for the most part the signs of Chinese or Japanese, of which it knows none."""
    if match.encoding not in _IDEOGRAPHIC:
        return match.coherence >= _FEWEST_COHERENT
    letters = [letter for letter in str(match) if not letter.isascii()]
    return len(_IDEOGRAM.findall(str(match))) >= 0.9 * len(letters)
