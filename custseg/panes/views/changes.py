"""What changed: between the runs of a session, and between two tables of the same customers."""

from __future__ import annotations

from typing import Any

from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.run_history import RunHistoryPart
from custseg.panes.views.view import View, section


class Changes(View):
    """The runs, and the customers in a later table, for which a page adds a place to drop it."""

    def lay_out(self) -> list[Any]:
        """Make the parts."""
        self.run_history = self.make(RunHistoryPart)
        self.migration = self.make(CustomerMigration, addition=self.addition)
        return [
            section("run_history", self.run_history),
            section("migration", self.migration),
        ]
