"""Levels as statements: what a customer is or has whose column says yes, no, or something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        return f"no {level[3:]}"
    yes = _says_yes(level, levels)
    if yes is None:
        return f"{label}: {level}"
    # Without more to go by, a code stays a code: 1 is no yes where it stands for men.
    answer = level if level in _CODES else "yes" if yes else "no"
    return _statement(label, yes=yes) or f"{label}: {answer}"


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
    if last in _HAD_ONE:
        return f"has {_article(label)} {label}" if yes else f"has no {label}"
    if last in _HAD:
        return f"has {label}" if yes else f"has no {label}"
    if last in _PERSONS or last in _ADJECTIVES:
        return label if yes else f"not {_article(label)} {label}" if last in _PERSONS else f"not {label}"
    if last in _TAKEN_PART:
        return label if yes else f"no {label}"
    return ""


def _article(label: str) -> str:
    return "an" if label[:1].casefold() in "aeio" else "a"
