"""Sentences as HTML in which each statement carries the numbers that it rests on."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.narrative.claims import Claim, Phrase, Sentence


def marked_html(sentence: Sentence, beside: Callable[[Claim], str] | None = None) -> str:
    """Write a sentence, escaped; what makes a claim shows its evidence when it is pointed at.

    ``beside`` returns what is to be said beside a claim, or an empty text.
    """
    return "".join(_phrase_html(phrase, beside) for phrase in sentence)


def _phrase_html(phrase: Phrase, beside: Callable[[Claim], str] | None) -> str:
    text, claim = html.escape(phrase.text), phrase.claim
    if claim is None:
        return text
    said = beside(claim) if beside else ""
    return claim_html(text, claim.evidence) + (f' <small class="beside">{html.escape(said)}</small>' if said else "")


def claim_html(text: str, evidence: str) -> str:
    """Write a text, escaped already, with the numbers that it rests on."""
    return f'<span class="claim" data-evidence="{html.escape(" ".join(evidence.split()))}">{text}</span>'
