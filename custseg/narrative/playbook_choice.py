"""Which of the playbooks that come with custseg suits a table: the one with the most to tell by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.errors import listed, quote
from custseg.language import say
from custseg.narrative.column_words import is_product, words_of
from custseg.narrative.playbook import Playbook

if TYPE_CHECKING:
    from custseg.narrative.playbook import Clue
    from custseg.tables.column_roles import Column
    from custseg.tables.schema import ColumnsByRole

# One column alone tells little.
_FEWEST_COLUMNS = 2
# Many kinds of goods don't outweigh everything else.
_MOST_FOR_PRODUCTS = 4
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class PlaybookChoice:
    """A playbook, and why it is the one.

    Attributes
    ----------
    playbook
        The one that suits.
    reason
        Why, in a sentence of plain text.

    """

    playbook: Playbook
    reason: str


def choose_playbook(table: ColumnsByRole) -> PlaybookChoice:
    """Return the bundled playbook that suits a table best by its columns; the first where none of them tells."""
    books = [Playbook.bundled(name) for name in Playbook.names()]
    found = [_telling_columns(book, table) for book in books]
    points = [sum(weights) for weights, _ in found]
    best = max(range(len(books)), key=lambda position: points[position])
    columns = [table.label(name) for name in dict.fromkeys(found[best][1])]
    if len(columns) < _FEWEST_COLUMNS:
        title = quote(say(books[0].title))
        reason = say("{title} is used, since no column tells what kind of business this is.", title=title)
        return PlaybookChoice(books[0], reason)
    reason = say(
        "{title} was chosen because of the columns {columns}.",
        title=quote(say(books[best].title)), columns=listed(columns, _MOST_NAMED),
    )  # fmt: skip
    return PlaybookChoice(books[best], reason)


def _telling_columns(book: Playbook, table: ColumnsByRole) -> tuple[list[int], list[str]]:
    """Return the points that a book has for a table, and the columns that they are for, the most telling first."""
    told: list[tuple[int, str]] = []
    for clue in book.fits:
        column = next((column for column in table.columns if _matches(clue, column)), None)
        if column is not None:
            told.append((clue.points, column.name))
    goods = [column.name for column in table.columns if column.money and is_product(column.name)]
    told += [(1, name) for name in goods if book.product(name)][:_MOST_FOR_PRODUCTS]
    told.sort(key=lambda pair: -pair[0])
    return [points for points, _ in told], [name for _, name in told]


def _matches(clue: Clue, column: Column) -> bool:
    if column.role == "identifier" or clue.role not in (None, column.role):
        return False
    said = words_of(column.name) | words_of(column.label)
    return any(words_of(name) <= said for name in clue.columns)
