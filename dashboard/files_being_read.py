"""The files that are being read: said beside other work, and given up with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from custseg.panes.parts.work import Work
    from dashboard.data_picker import Intake
    from dashboard.followup_upload import Later

    Reader = TypeVar("Reader", Intake, Later)


class FilesBeingRead:
    """What reads files on a page, each of which says what it is ``doing``."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._readers: list[Intake | Later] = []
        work.param.watch(self._give_up, ["cancel"])

    def follow(self, reader: Reader) -> Reader:
        """Say from now on what this one does, and return it."""
        self._readers.append(reader)
        reader.param.watch(self._tell, ["doing"])
        return reader

    def _tell(self, _: object) -> None:
        self._work.elsewhere = "; ".join(reader.doing for reader in self._readers if reader.doing)

    def _give_up(self, _: object) -> None:
        for reader in self._readers:
            if reader.doing:
                reader.give_way()
