"""How much the files that visitors brought may take on the server's disk: those of one session, and those of all."""

from __future__ import annotations

from threading import Lock

from custseg.errors import SettingError
from custseg.language import say
from dashboard.server_settings import server_settings

_MEGABYTE = 1_000_000


class Room:
    """Counts bytes that are taken, up to so many megabytes."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self._taken, self._one_at_a_time = 0, Lock()

    def take(self, size: int) -> bool:
        """Take so many bytes more; return whether there was room for them."""
        with self._one_at_a_time:
            if self._taken + size > self.megabytes * _MEGABYTE:
                return False
            self._taken += size
            return True

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        with self._one_at_a_time:
            self._taken -= size


class SessionRoom:
    """The room that one session has, within that of all sessions of this process."""

    _of_all: Room | None = None

    def __init__(self) -> None:
        settings = server_settings()
        self._own = Room(settings.session_uploads_megabytes)
        if SessionRoom._of_all is None:
            SessionRoom._of_all = Room(settings.all_uploads_megabytes)
        self._all = SessionRoom._of_all

    def take(self, size: int) -> None:
        """Take so many bytes more. Raises SettingError, and takes nothing, where there is no room for them."""
        if not self._own.take(size):
            msg = say(
                "the files of one session can take at most {megabytes:,} MB here. Send a smaller one.",
                megabytes=self._own.megabytes,
            )
            raise SettingError(msg)
        if not self._all.take(size):
            self._own.give_back(size)
            msg = say(
                "the files of all who use this server take the {megabytes:,} MB that there are for them. Try "
                "again later, or send a smaller one.",
                megabytes=self._all.megabytes,
            )
            raise SettingError(msg)

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        self._own.give_back(size)
        self._all.give_back(size)
