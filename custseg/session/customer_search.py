"""The customer that a person means who has typed an identifier, or the beginning of one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from custseg.errors import SettingError, quote
from custseg.language import say
from custseg.tables.expressions import Identified, IdentifierContains
from custseg.wording import count, join_words

if TYPE_CHECKING:
    from custseg.tables.table import CustomerTable

# How many identifiers are compared with a text that none of them has: it takes a few milliseconds for each hundred.
_MOST_COMPARED = 2000
_EXAMPLES = 3


def find_customer(table: CustomerTable, identifier: str) -> str:
    """Return the identifier of the customer that is called so, or of the only one that begins so.

    Upper and lower case are the same where that leaves one customer.

    Raises
    ------
    SettingError
        There is none, or more than one; the sentence says what is near.

    """
    wanted = identifier.strip()
    if not wanted:
        msg = say("Type a customer's identifier, or the beginning of one.")
        raise SettingError(msg)
    if table.elsewhere is not None:
        return _find_elsewhere(table, wanted)
    names = table.identifiers
    if (names == wanted).any():
        return wanted
    folded, sought = [name.strip().casefold() for name in names.tolist()], wanted.casefold()
    beginning = [row for row, name in enumerate(folded) if name.startswith(sought)]
    alike = [row for row in beginning if folded[row] == sought]
    if len(alike or beginning) == 1:
        return str(names[(alike or beginning)[0]])
    if beginning:
        msg = say(
            "{many:,} identifiers begin with {wanted}, such as {examples}. Type more of it.",
            many=len(beginning), wanted=quote(wanted), examples=_examples(names[beginning[:_EXAMPLES]].tolist()),
        )  # fmt: skip
        raise SettingError(msg)
    near = _near(sought, folded)
    closest = say("The closest are {examples}.", examples=_examples(names[near].tolist()))
    hint = closest if near and table.identifier else say_identifiers(table)
    msg = say("There is no customer {wanted}. {hint}", wanted=quote(wanted), hint=hint)
    raise SettingError(msg)


def _find_elsewhere(table: CustomerTable, wanted: str) -> str:
    """Return the identifier of the customer in an engine that is meant."""
    if len(table.customers.page(Identified((wanted,)), limit=1)):
        return wanted
    holding = table.customers.page(IdentifierContains(wanted), limit=_EXAMPLES)
    if holding.of == 1:
        return str(holding.identifiers[0])
    if holding.of:
        msg = say(
            "{identifiers} hold {wanted}, such as {examples}. Type more of it.",
            identifiers=count(holding.of, "identifier"), wanted=quote(wanted),
            examples=_examples(holding.identifiers.tolist()),
        )  # fmt: skip
        raise SettingError(msg)
    msg = say("There is no customer {wanted}. {hint}", wanted=quote(wanted), hint=say_identifiers(table))
    raise SettingError(msg)


def say_identifiers(table: CustomerTable) -> str:
    """Say what customers are called here."""
    if table.identifier is None:
        return say("This table has no identifiers; customers go by their row, from 1 to {rows:,}.", rows=len(table))
    examples = _examples(table.part.identifiers[:_EXAMPLES].tolist())
    return say("Identifiers here look like {examples}.", examples=examples)


def _examples(names: list[str]) -> str:
    return join_words([quote(name) for name in names])


def _near(sought: str, folded: list[str]) -> list[int]:
    """Return the rows of identifiers that look alike, of those that begin alike first."""
    for length in range(min(len(sought), 8), -1, -1):
        candidates = [row for row, name in enumerate(folded) if name.startswith(sought[:length])]
        if candidates:
            break
    # Those of about the same length first: they are what a slip of the finger makes of one another.
    candidates = sorted(candidates, key=lambda row: abs(len(folded[row]) - len(sought)))[:_MOST_COMPARED]
    rows = {folded[row]: row for row in reversed(candidates)}
    return [rows[name] for name in get_close_matches(sought, rows, n=_EXAMPLES, cutoff=0.5)]
