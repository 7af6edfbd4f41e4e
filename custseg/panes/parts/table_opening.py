"""What stands in the place of the segments before the first run: what the table holds, and what to do."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from custseg.language import mark, say
from custseg.narrative.table_opening import describe_table
from custseg.panes.headings import HEADINGS

if TYPE_CHECKING:
    from custseg.tables.table import CustomerTable

_NEXT = mark("Choose how many segments you want, then press <strong>Run clustering</strong> to see who buys alike.")
# It is seen on a page that has a tour, which listens to the button and knows who has taken it (dashboard/tour.js).
_TOUR = mark(
    '<p class="tour"><span class="new">New here? Four short steps explain the page.</span> <button '
    'type="button" class="show-around">Show me around</button></p>'
)


def opening_html(table: CustomerTable, question: str) -> str:
    """Write it; all that comes from the table is escaped."""
    opening = describe_table(table)
    holds = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in opening.holds)
    facts = "".join(f"<li>{html.escape(fact)}</li>" for fact in opening.facts)
    asked = f'<p class="problem">{html.escape(question)}</p>' if question else ""
    return (
        f'<article class="opening"><h2>{html.escape(HEADINGS["opening"])}</h2>{holds}<ul>{facts}</ul>{asked}'
        f'<p class="next">{say(_NEXT)}</p>{say(_TOUR)}</article>'
    )
