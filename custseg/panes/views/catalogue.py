"""The list of views. The page, a notebook and the tests loop over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.language import mark, say
from custseg.panes.views.changes import Changes
from custseg.panes.views.customers import CustomersView
from custseg.panes.views.data import Data
from custseg.panes.views.how_sure import HowSure
from custseg.panes.views.overview import Overview
from custseg.panes.views.segments import Segments

if TYPE_CHECKING:
    from custseg.panes.views.view import View


@dataclass(frozen=True, slots=True)
class ViewKind:
    """A view: what it is called in the address of the page, its title in English, and what makes it."""

    address: str
    title: str
    make: type[View]

    @property
    def said(self) -> str:
        """Its title as it is shown."""
        return say(self.title)


# The first one is what a page begins with.
VIEWS: list[ViewKind] = [
    ViewKind("overview", mark("Overview"), Overview),
    ViewKind("segments", mark("Segments"), Segments),
    ViewKind("customers", mark("Customers"), CustomersView),
    ViewKind("how-sure", mark("How many, how sure"), HowSure),
    ViewKind("changes", mark("Changes"), Changes),
    ViewKind("data", mark("Data"), Data),
]


def addresses() -> tuple[str, ...]:
    """Return the addresses of all views; a page begins with the first."""
    return tuple(kind.address for kind in VIEWS)
