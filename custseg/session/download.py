"""What somebody took along: for those who answer for the data."""

from __future__ import annotations

from dataclasses import dataclass

import param

from custseg.session.state import State


@dataclass(frozen=True, slots=True)
class Download:
    """A file that left the page.

    Attributes
    ----------
    file
        Which of the files it was, such as "customers"; never a name that comes from a table.
    customers
        How many customers it may tell of.

    """

    file: str
    customers: int


class DownloadLog(State):
    """The last file that left the page; who wants to know of all of them watches it."""

    last: Download | None = param.ClassSelector(
        class_=Download, constant=True, allow_None=True, doc="The last file; None where there was none."
    )

    def record(self, file: str, customers: int) -> None:
        """Say that a file left the page. The same one again is told again."""
        self._set(last=None)
        self._set(last=Download(file, customers))
