"""Go on with a project that was saved: settings, runs, names and notes, on the customers that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.language import mark
from custseg.session.project import LARGEST, Project
from dashboard.small_file import SmallFile

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.session.background import Ticket


class OpenProject(SmallFile[Project]):
    """A place to drop a project. What these customers don't allow of it is said."""

    megabytes = LARGEST // 1_000_000
    hint = mark(
        "A project holds the settings, runs, names and notes, but no customers: choose these first, "
        "then drop the file here. Save one with Download."
    )
    what = mark("project")
    how = mark("Choose a file that was saved as a project.")

    def read(self, path: Path, ticket: Ticket) -> Project:
        """Read a project in a process of its own."""
        return self._reader.project_of(path, ticket)

    async def use(self, found: Project) -> str:
        """Bring back what it holds."""
        refused = await self.model.reopen(found)
        self.model.count_words_as_saved()
        return " ".join(refused)
