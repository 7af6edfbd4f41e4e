"""Columns that say what became of customers: how they are told, which level is the event, and how people say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from custseg.language import mark_in, say, say_in
from custseg.tables.text_cells import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["leaving", "staying", "defaulting", "responding", ""]

# With more levels than this, a column says no single thing of what became of anybody.
MOST_OUTCOMES = 12

_YES = frozenset(("yes", "y", "true", "t", "1", "ja", "oui", "si", "sí"))
_NO = frozenset(("no", "n", "false", "f", "0", "nein", "non"))
# “None” may be an answer here: the offer that somebody took.
_UNKNOWN = frozenset(MISSING) - {"none"} | {"unknown", "missing"}
_NEGATIONS = frozenset(("no", "not", "non", "never", "un"))

# How the event is said, by the words for it in a column's name; the first that fits holds.
_SAID_BY_NAME: dict[str, tuple[str, ...]] = {
    "left": ("churn", "churned", "churner", "attrition", "attrited", "exited", "left"),
    "cancelled": ("cancelled", "canceled", "cancellation"),
    "defaulted": ("default", "defaulted"),
    "converted": ("converted", "conversion"),
    "responded": ("response", "responded", "responder"),
    "accepted": ("accepted",),
    "subscribed": ("subscribed",),
    "renewed": ("renewed", "renewal"),
    "bought": ("purchased", "purchase", "bought", "revenue"),
    "stayed": ("retained", "retention"),
}
# The same by the words in a level; the first of these that a level holds is the event.
_SAID_BY_LEVEL: dict[str, tuple[str, ...]] = {
    "left": ("churn", "churned", "attrited", "exited", "left"),
    "cancelled": ("cancelled", "canceled"),
    "defaulted": ("default", "defaulted"),
    "converted": ("converted",),
    "responded": ("responded",),
    "accepted": ("accepted",),
    "subscribed": ("subscribed",),
    "renewed": ("renewed",),
    "bought": ("bought", "purchased"),
    "were won": ("won",),
    "were lost": ("lost",),
}
# What kind of event it is, for what one does about it.
_KINDS: dict[Kind, tuple[str, ...]] = {
    "leaving": ("left", "cancelled", "were lost"),
    "staying": ("renewed", "stayed"),
    "defaulting": ("defaulted",),
    "responding": ("converted", "responded", "accepted", "subscribed", "bought", "were won"),
}
_EVENTS = (
    mark_in("of customers", "left"), mark_in("of customers", "cancelled"), mark_in("of customers", "were lost"),
    mark_in("of customers", "renewed"), mark_in("of customers", "stayed"), mark_in("of customers", "defaulted"),
    mark_in("of customers", "converted"), mark_in("of customers", "responded"), mark_in("of customers", "accepted"),
    mark_in("of customers", "subscribed"), mark_in("of customers", "bought"), mark_in("of customers", "were won"),
    mark_in("of customers", "joined"),
)  # fmt: skip
# Events for which there is no such word.
_ALSO_EVENTS = ("bad", "success")
_ALSO_SAID = {"stayed": ("stayed", "retained", "existing"), "joined": ("joined",)}
# Levels that nothing but an outcome has, whatever the column is called; “left” is also a hand, “default” a theme.
_TELLING_LEVELS = frozenset(("churned", "attrited", "exited", "defaulted", "converted", "responded"))
_UNCLEAR_LEVELS = frozenset(("left", "default", "lost", "won"))
# Names that say nothing of what happened, only that this column is what is to be explained.
_BARE_NAMES = frozenset(("y", "target", "label", "outcome"))
_STATUS_NAMES = frozenset(("status", "state", "outcome", "result"))
# Lenders call who pays back good, and who doesn't bad; of other things these words are a grade.
_LENDERS_LEVELS, _LENDERS_NAMES = (
    ["bad", "good"],
    frozenset(("risk", "class", "target", "good", "bad", "creditability")),
)
# What may stand beside such a word without changing what it says.
_NEUTRAL = frozenset(
    ("is", "has", "was", "flag", "status", "label", "value", "indicator", "yn", "customer", "client", "user")
)
# Words that are about other things too (the default language, terms that were accepted), and what they then stand with.
_OFFERS = ("cmp", "campaign", "offer", "deal", "proposal", "last", "to")
_BESIDE: dict[str, frozenset[str]] = {
    "default": frozenset(("payment", "pay", "next", "month", "loan", "credit", "in", "on", "of")),
    "revenue": frozenset(),
    "left": frozenset(("company", "bank", "us")),
    "purchase": frozenset(("made",)),
    "accepted": frozenset(_OFFERS),
    "response": frozenset(_OFFERS),
    "subscribed": frozenset(("term", "deposit")),
}
# What makes of it a forecast, a measure, what was known before, or what became of something else.
_NO_OUTCOME = frozenset((
    "predicted", "prediction", "forecast", "expected", "probability", "prob", "propensity", "likelihood", "score",
    "risk", "reason", "rate", "ratio", "count", "number", "num", "date",
    "previous", "previously", "prior", "past", "order", "shipping", "delivery", "invoice",
))  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")


def looks_like_outcome(name: str, levels: Iterable[str | None]) -> str | None:
    """Return why a column seems to say what became of customers, or None where it doesn't.

    ``levels`` are its different values as texts, in any order; None and texts such as “n/a” stand for no value.
    """
    known, words = known_levels(levels), _words(name)
    if sorted(level.strip().casefold() for level in known) == _LENDERS_LEVELS and _LENDERS_NAMES.intersection(words):
        return say("what became of customers, judging by its values")
    if not 2 <= len(known) <= MOST_OUTCOMES or _is_about_something_else(words):
        return None
    said = [_words(level) for level in known]
    if any(_TELLING_LEVELS.intersection(level) and not _NEGATIONS.intersection(level) for level in said):
        return say("what became of customers, judging by its values")
    named = _said_by(_SAID_BY_NAME, words) is not None
    if are_yes_and_no(known):
        fits = named or (len(words) == 1 and words[0] in _BARE_NAMES)
    else:
        fits = any(_said_by(_SAID_BY_LEVEL, level) for level in said) and (named or _names_a_status(words))
    return say("what became of customers, judging by its name") if fits else None


def known_levels(levels: Iterable[str | None]) -> list[str]:
    """Return the levels that say something at all."""
    return [level for level in levels if level is not None and level.strip().casefold() not in _UNKNOWN]


def fold(level: str, *, yes_or_no: bool) -> str:
    """Return what all ways to write a level have in common: in a column of yes and no, “Y” and “yes” are one."""
    folded = level.strip().casefold()
    return ("yes" if folded in _YES else "no") if yes_or_no else folded


def are_yes_and_no(levels: Sequence[str]) -> bool:
    """Whether the levels are yes and no, however they are written: “True” and “False”, “1” and “0”."""
    folded = {level.strip().casefold() for level in levels}
    return bool(folded & _YES and folded & _NO) and folded <= _YES | _NO


def find_event(customers: Mapping[str, int]) -> str | None:
    """Return the level that is the event, of the levels with the number of customers that have each.

    It is “yes” beside “no”; else the level that says so by its words (“Attrited Customer”); else the rarer of two. None
    where there are more and none says so.
    """
    levels = sorted(customers)
    if are_yes_and_no(levels):
        return max((level for level in levels if level.strip().casefold() in _YES), key=lambda level: customers[level])
    for words in (*_SAID_BY_LEVEL.values(), _ALSO_EVENTS):
        for level in levels:
            if set(words).intersection(_words(level)) and not _NEGATIONS.intersection(_words(level)):
                return level
    return min(levels, key=lambda level: customers[level]) if len(levels) == 2 else None


def say_event(name: str, label: str, level: str, *, yes_or_no: bool) -> str:
    """Return what customers did, to stand after a share (“48% left”); empty where the vocabulary has no word for it.

    What the name of the column adds is kept: “accepted campaign 3”, “responded (target)”. ``yes_or_no``: whether its
    levels are that.
    """
    words = _words(name)
    if _is_about_something_else(words):
        return ""
    if not yes_or_no:
        return _say_level(words, _words(level))
    said = _said_by(_SAID_BY_NAME, words)
    if said is None or level.strip().casefold() not in _YES:
        return ""
    says_no_more = _NEUTRAL | _BESIDE["default"] if said == "defaulted" else _NEUTRAL
    return say_with(said, label) if set(words) - says_no_more - set(_SAID_BY_NAME[said]) else said


def say_with(said: str, label: str) -> str:
    """Say what customers did and of which column that is; once where its label begins with the word."""
    begins = label.casefold().startswith(f"{said} ")
    return f"{said}{label[len(said) :]}" if begins else f"{said} ({label})"


def event_word(said: str) -> str:
    """Return the word alone of what customers did: “accepted” of “accepted campaign 5”."""
    words = (word for group in _KINDS.values() for word in group)
    return next((word for word in words if f"{said} ".startswith(f"{word} ")), said.partition(" (")[0])


def event_in_words(said: str) -> str:
    """Say what customers did in the language that is spoken; what the column adds to it stays."""
    word = event_word(said)
    return say_in("of customers", word) + said[len(word) :]


def kind_of_event(said: str) -> Kind:
    """Return what kind of event it is that customers did this; empty where it is neither good nor bad for sure."""
    word = event_word(said)
    return next((kind for kind, words in _KINDS.items() if word in words), "")


def _say_level(name: Sequence[str], level: Sequence[str]) -> str:
    clear = not _UNCLEAR_LEVELS.intersection(level) or _said_by(_SAID_BY_NAME, name) or _names_a_status(name)
    return (_said_by(_SAID_BY_LEVEL | _ALSO_SAID, level) or "") if clear else ""


def _names_a_status(words: Sequence[str]) -> bool:
    return not _STATUS_NAMES.isdisjoint(words)


def _is_about_something_else(words: Sequence[str]) -> bool:
    """Whether a name says that it is no outcome of customers: a forecast, the default language, a quarter's revenue."""
    others = {word for word in words if not word.isdigit()} - _NEUTRAL
    unclear = (others - {word} - beside for word, beside in _BESIDE.items() if word in others)
    return not _NO_OUTCOME.isdisjoint(words) or any(unclear)


def _said_by(vocabulary: Mapping[str, Sequence[str]], words: Sequence[str]) -> str | None:
    if _NEGATIONS.intersection(words):
        return None
    return next((said for said, known in vocabulary.items() if set(known).intersection(words)), None)


def _words(text: str) -> list[str]:
    """Return the words of a name or a level in small letters: “AcceptedCmp3” is accepted, cmp and 3."""
    return [word.casefold() for word in _WORD.findall(text)]
