"""What is chosen in a browser that is no longer there, since the table changed meanwhile, changes nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from panel.widgets import Tabulator, select

if TYPE_CHECKING:
    from collections.abc import Callable

# Of these Panel (1.9.4 and 1.10.0) looks a choice up without asking whether it is there.
# tests/panes/test_private_ways.py tries them.
_CHOICES = select.SingleSelectBase, select._RadioGroupBase, select._CheckGroupBase  # noqa: SLF001
_CHOSEN = "value", "active"


@cache
def take_only_what_is_offered() -> None:
    """Have Panel pass over a choice or a row that is not there, where it would raise an error that nobody sees."""
    for kind in _CHOICES:
        kind._process_property_change = _passing_over(kind._process_property_change)  # noqa: SLF001
    Tabulator._process_event = _of_rows_that_are_there(Tabulator._process_event)  # noqa: SLF001


def _passing_over(process: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def process_what_is_offered(self: Any, properties: dict[str, Any]) -> dict[str, Any]:
        try:
            return process(self, properties)
        except (ValueError, LookupError, TypeError):
            # What is on offer now, and what of it is chosen, is on its way to the browser.
            return process(self, {name: value for name, value in properties.items() if name not in _CHOSEN})

    return process_what_is_offered


def _of_rows_that_are_there(process: Callable[..., None]) -> Callable[..., None]:
    def process_event(self: Any, event: Any) -> None:
        row = getattr(event, "row", None)
        # Where a part of the rows is in the browser, Panel counts from its start.
        if row is None or self.pagination == "remote" or self._index_mapping.get(row, row) in self.value.index:
            process(self, event)

    return process_event
