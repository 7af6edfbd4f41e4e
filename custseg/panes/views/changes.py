"""What changed: between the runs of a session, and between two tables of the same customers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from custseg.ledger.file import LedgerFile
from custseg.ledger.ledger import Ledger
from custseg.panes.parts.ledger import LedgerView
from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.run_history import RunHistoryPart
from custseg.panes.views.view import View, section

# Names the file of a ledger to show.
LEDGER_SETTING = "CUSTSEG_LEDGER"


class Changes(View):
    """The runs, and the customers in a later table, for which a page adds a place to drop it; and a ledger, if any."""

    def lay_out(self) -> list[Any]:
        """Make the parts."""
        self.run_history = self.make(RunHistoryPart)
        self.migration = self.make(CustomerMigration, addition=self.addition)
        return [
            section("run_history", self.run_history),
            section("migration", self.migration),
            *self._of_the_ledger(),
        ]

    def _of_the_ledger(self) -> list[Any]:
        path = os.environ.get(LEDGER_SETTING, "").strip()
        if not path:
            return []
        return [section("ledger", LedgerView(Ledger(LedgerFile(Path(path))), self.model.downloads.record))]
