"""What somebody took along: for those who answer for the data, and how much that may be."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import param

from custseg.errors import SettingError
from custseg.language import mark, say
from custseg.session.pace import Pace
from custseg.session.state import assign

_MEGABYTE = 1_000_000
_TOO_MANY = mark(
    "At most {most:,} downloads can be started in a minute here, and so many were. Try again in {waits} s."
)
TOO_MUCH = mark("At most {most:,} MB can be downloaded in a minute here, and so many were. Try again in {waits} s.")


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


class DownloadLog(param.Parameterized):
    """The last file that left the page; who wants to know of all of them watches it."""

    last: Download | None = param.ClassSelector(
        class_=Download, constant=True, allow_None=True, doc="The last file; None where there was none."
    )
    refused: str = param.String(default="", constant=True, doc="Why a file did not leave the page.")

    def __init__(self) -> None:
        super().__init__()
        self._megabytes: int | None = None
        self._files, self._megabytes_of_all = Pace(_TOO_MANY), Pace(TOO_MUCH)

    def limit(self, megabytes: int, a_minute: int, megabytes_of_all: Pace) -> None:
        """Let no larger file leave the page, nor more of them; ``megabytes_of_all`` counts those of all sessions."""
        self._megabytes, self._files.most, self._megabytes_of_all = megabytes, a_minute, megabytes_of_all

    def record(self, file: str, customers: int, size: int = 0) -> None:
        """Say that a file of so many bytes leaves the page. The same one again is told again.

        Raises
        ------
        SettingError
            It may not, with the sentence that ``refused`` then holds.

        """
        try:
            self._check(size)
        except SettingError as problem:
            assign(self, refused="")
            assign(self, refused=str(problem))
            raise
        assign(self, last=None)
        assign(self, last=Download(file, customers))

    def _check(self, size: int) -> None:
        if self._megabytes is not None:
            check_size(size, self._megabytes)
        self._files.count()
        self._megabytes_of_all.count(ceil(size / _MEGABYTE))


def check_size(size: int, megabytes: int) -> None:
    """Raise SettingError where a file of so many bytes is larger than may be downloaded."""
    if size > megabytes * _MEGABYTE:
        msg = say(
            "This file has {size:,.0f} MB, and {megabytes:,} MB can be downloaded here. Choose Parquet, or save it "
            "with the command custseg.",
            size=size / _MEGABYTE,
            megabytes=megabytes,
        )
        raise SettingError(msg)
