"""What changed: between the runs of a session, and between two tables of the same customers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from custseg.ledger.file import LedgerFile
from custseg.ledger.ledger import Ledger
from custseg.panes.parts.ledger import LedgerView
from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.run_history import RunHistoryPart
from custseg.panes.views.view import View, section

if TYPE_CHECKING:
    from collections.abc import Iterator


class Changes(View):
    """The runs, and the customers in a later table, for which a page adds a place to drop it; and a ledger, if any."""

    # The file of a ledger to show, if any: the server's, for all its sessions.
    ledger_file = ""

    def lay_out(self) -> Iterator[Any]:
        """Make the parts."""
        self.run_history = self.make(RunHistoryPart)
        yield section("run_history", self.run_history)
        self.migration = self.make(CustomerMigration, addition=self.addition)
        yield section("migration", self.migration)
        if self.ledger_file:
            ledger = Ledger(LedgerFile(Path(self.ledger_file)))
            yield section("ledger", LedgerView(ledger, self.model.downloads.record))
