"""Sentences as HTML in which each statement carries the numbers that it rests on."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custseg.narrative.claims import Phrase, Sentence


def marked_html(sentence: Sentence) -> str:
    """Write a sentence, escaped; what makes a claim shows its evidence when it is pointed at."""
    return "".join(map(_phrase_html, sentence))


def _phrase_html(phrase: Phrase) -> str:
    text = html.escape(phrase.text)
    if phrase.claim is None:
        return text
    return f'<span class="claim" data-evidence="{html.escape(" ".join(phrase.claim.evidence.split()))}">{text}</span>'
