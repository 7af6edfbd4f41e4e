"""Levels as statements: what a customer is or has whose column says yes, no, or something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.language import mark_in, say, say_in
from custseg.tables.truth_text import PAIRS

if TYPE_CHECKING:
    from collections.abc import Collection

# Codes that say yes or no only where they are the only ones.
_ONE = "1"
_CODES = frozenset((_ONE, "0"))
# What customers have: the last word of a label.
_HAD = frozenset((
    "access", "account", "accounts", "backup", "broadband", "card", "cards", "children", "coverage", "dependents",
    "deposit", "insurance", "internet", "landline", "line", "lines", "loan", "loans", "membership", "mortgage",
    "pets", "phone", "plan", "protection", "security", "service", "services", "subscription", "subscriptions",
    "support", "teenagers", "warranty",
))  # fmt: skip
_HAD_ONE = frozenset((
    "account", "card", "car", "child", "deposit", "house", "job", "landline", "loan", "membership", "mortgage",
    "partner", "pet", "plan", "spouse", "subscription", "teenager", "warranty",
))  # fmt: skip
# What customers are.
_PERSONS = frozenset((
    "citizen", "customer", "employee", "homeowner", "member", "owner", "parent", "payer", "reseller", "resident",
    "smoker", "student", "subscriber", "user",
))  # fmt: skip
_ADJECTIVES = frozenset((
    "active", "blacklisted", "churned", "employed", "inactive", "married", "retired", "verified",
))  # fmt: skip
# What customers do or take part in, of which a label says enough.
_TAKEN_PART = frozenset((
    "banking", "billing", "delivery", "marketing", "movies", "newsletter", "notifications", "roaming", "streaming",
    "tv",
))  # fmt: skip


def statement_for(label: str, level: str, levels: Collection[str] = ()) -> str:
    """Say what a customer with this level of a column is or has: "has phone service", "has no partner".

    Parameters
    ----------
    label
        What the column is called.
    level
        The level.
    levels
        All levels of the column, where they are known. The codes 1 and 0 are yes and no where there are no others, or
        where the label alone says so.

    Returns
    -------
    str
        Plain text, without a full stop; "label: level" where nothing else is sure to be true.

    """
    if level[:3].casefold() == "no " and len(level) > 3:
        # "No internet service" says it all.
        return say_in("of a customer", "no {label}", label=level[3:])
    yes = _says_yes(level, levels)
    if yes is None:
        return say("{label}: {level}", label=label, level=level)
    # Without more to go by, a code stays a code: 1 is no yes where it stands for men.
    answer = level if level in _CODES else say_in("an answer", "yes") if yes else say_in("an answer", "no")
    return _statement(label, yes=yes) or say("{label}: {level}", label=label, level=answer)


def _says_yes(level: str, levels: Collection[str]) -> bool | None:
    """Return whether a level is a yes or a no; None where it is neither, or may be a code."""
    said, others = level.casefold(), {one.casefold() for one in levels if one[:3].casefold() != "no "}
    if said in _CODES:
        return said == _ONE if others <= _CODES else None
    if not levels and (len(said) == 1 or level == "NO"):
        # F may stand for women, and NO for Norway.
        return None
    pair = next((pair for pair in PAIRS if said in pair and others <= set(pair)), None)
    return None if pair is None else said == pair[0]


def _statement(label: str, *, yes: bool) -> str:
    # A word known here is no name, so it needs no capital.
    label = label.lower() if label.istitle() and " " not in label else label
    last = label.split()[-1].casefold() if label.split() else ""
    said = _said_of(label, last, yes=yes)
    return say_in("of a customer", said, label=label) if said else ""


def _said_of(label: str, last: str, *, yes: bool) -> str:
    """Return what is said of a customer whose column of that label, which ends with ``last``, says yes or no."""
    vowel = label[:1].casefold() in "aeio"
    if last in _HAD_ONE and yes:
        return mark_in("of a customer", "has an {label}") if vowel else mark_in("of a customer", "has a {label}")
    if last in _HAD_ONE | _HAD:
        return mark_in("of a customer", "has {label}") if yes else mark_in("of a customer", "has no {label}")
    if last in _PERSONS | _ADJECTIVES | _TAKEN_PART and yes:
        return mark_in("of a customer", "{label}")
    if last in _PERSONS:
        return mark_in("of a customer", "not an {label}") if vowel else mark_in("of a customer", "not a {label}")
    if last in _ADJECTIVES:
        return mark_in("of a customer", "not {label}")
    return mark_in("of a customer", "no {label}") if last in _TAKEN_PART else ""
