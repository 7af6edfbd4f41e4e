"""What a server keeps of sessions for a while, so that a page that is loaded again goes on where it was.

Each session has a folder of its own, whose name nobody can guess: a project, and the customers where they were brought
as a file. It goes some time after the page was last there, also where the server was killed meanwhile. Nothing that is
pickled is kept.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import narwhals as nw
import pyarrow as pa

from custseg import CustomerTable
from custseg.export.files import whole_file
from custseg.session.project import Project
from custseg.tables.sources import SourceTable
from dashboard.server_settings import server_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROJECT, _CUSTOMERS = "project.json", "customers.arrow"
_ABOUT = b"custseg"
# How often, in the time for which sessions are kept, it is seen to that those go that are overdue.
_TIMES = 4


@cache
def kept_sessions() -> KeptSessions | None:
    """Return what this server keeps; None where the setting says that nothing is kept."""
    minutes = server_settings().keep_minutes
    if not minutes:
        return None
    kept = KeptSessions(_private_folder(), minutes)
    Thread(target=kept.go_on, args=[Event()], name="kept sessions", daemon=True).start()
    return kept


def _private_folder() -> Path:
    """Return a folder that only this user can look into; the same one after the server was started again."""
    if not hasattr(os, "getuid"):
        return Path(tempfile.mkdtemp(prefix="custseg-kept-"))
    folder = Path(tempfile.gettempdir()) / f"custseg-kept-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    facts = folder.lstat()
    # Somebody else may have made one of that name, or a link.
    mine = facts.st_uid == os.getuid() and not folder.is_symlink() and not facts.st_mode & 0o077
    return folder if mine else Path(tempfile.mkdtemp(prefix="custseg-kept-"))


@dataclass(frozen=True)
class KeptSession:
    """What is kept of a session: its project, and the customers where they were brought as a file."""

    project: Project
    customers: CustomerTable | None


class KeptSessions:
    """The sessions that are kept, by their tokens, for some minutes after their pages were there last."""

    def __init__(self, root: Path, minutes: float) -> None:
        self.minutes = minutes
        self._root, self._seconds = root, 60 * minutes
        # The tokens of those whose pages are there.
        self._here: set[str] = set()
        self.tidy()

    def go_on(self, over: Event) -> None:
        """Tidy up every now and then, until it is over."""
        while not over.wait(self._seconds / _TIMES):
            self.tidy()

    def tidy(self) -> None:
        """Count the time of those whose pages are there from now on, and remove what is overdue, whoever kept it."""
        for token in self._here.copy():
            self._touch(token)
        for folder in self._overdue():
            shutil.rmtree(folder, ignore_errors=True)

    def arrive(self, token: str) -> None:
        """Note that the page of a session is there."""
        self._here.add(token)

    def leave(self, token: str) -> None:
        """Note that the page of a session was closed: it goes once its time is over, counted from now."""
        self._here.discard(token)
        self._touch(token)

    def forget(self, token: str) -> None:
        """Remove what is kept of a session."""
        shutil.rmtree(self._folder(token), ignore_errors=True)

    def keep(self, token: str, project: Project) -> None:
        """Keep the project of a session as it is now.

        Raises
        ------
        OSError
            There is no room, or the folder cannot be written.

        """
        with whole_file(self._made(token) / _PROJECT) as stream:
            stream.write(project.write())

    def keep_customers(self, token: str, customers: CustomerTable | None) -> None:
        """Keep the customers of a session, or none where a page offers them anyway. Raises OSError as ``keep``."""
        path = self._made(token) / _CUSTOMERS
        if customers is None:
            path.unlink(missing_ok=True)
        else:
            _write_customers(path, customers)

    def _made(self, token: str) -> Path:
        folder = self._folder(token)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def find(self, token: str) -> KeptSession | None:
        """Return a session by its token, None where it is not kept, or what is kept of it cannot be used."""
        folder = self._folder(token)
        try:
            if time.time() - (folder / _PROJECT).stat().st_mtime > self._seconds:
                return None
            project = Project.read((folder / _PROJECT).read_bytes())
            path = folder / _CUSTOMERS
            return KeptSession(project, _read_customers(path, project) if path.is_file() else None)
        except (OSError, ValueError, pa.ArrowException):
            return None

    def _touch(self, token: str) -> None:
        with suppress(OSError):
            os.utime(self._folder(token) / _PROJECT)

    def _folder(self, token: str) -> Path:
        return self._root / sha256(token.encode()).hexdigest()

    def _overdue(self) -> Iterator[Path]:
        for folder in self._root.iterdir():
            project = folder / _PROJECT
            # Another server may remove it meanwhile.
            with suppress(OSError):
                kept_at = (project if project.exists() else folder).stat().st_mtime
                if time.time() - kept_at > self._seconds:
                    yield folder


def _write_customers(path: Path, customers: CustomerTable) -> None:
    table = customers.frame.to_arrow()
    about = {"title": customers.title, "source": customers.source, "remarks": customers.remarks}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _ABOUT: json.dumps(about).encode()})
    with whole_file(path) as stream, pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table)


def _read_customers(path: Path, project: Project) -> CustomerTable:
    """Read customers as they were understood. Raises ValueError, as DataError and SettingError are, where it can't."""
    with pa.memory_map(str(path)) as file:
        table = pa.ipc.open_file(file).read_all()
    about = json.loads(table.schema.metadata[_ABOUT])
    source = SourceTable(nw.from_native(table, eager_only=True), tuple(about["remarks"]))
    gaps = {name: column.gaps for name, column in project.columns.items() if column.gaps}
    read = CustomerTable.read(source, title=about["title"], missing=gaps, open_questions=True)
    return replace(read, source=about["source"])
