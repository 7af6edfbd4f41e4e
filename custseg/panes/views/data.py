"""The table: what was understood of it, what each column is for, and how customers are made comparable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.panes.parts.about import About
from custseg.panes.parts.preparation import PreparationSteps
from custseg.panes.parts.statement import Statement
from custseg.panes.tables.column_editor import Columns
from custseg.panes.views.view import View, section

if TYPE_CHECKING:
    from collections.abc import Iterator


class Data(View):
    """The columns, the preparation, and what there is to know about the table; a page adds a place for a project."""

    def lay_out(self) -> Iterator[Any]:
        """Make the parts."""
        self.about = self.make(About)
        yield section("about", self.about)
        self.columns = self.make(Columns)
        yield section("columns", self.columns)
        self.preparation_steps = self.make(PreparationSteps)
        self.statement = self.make(Statement)
        yield section("preparation_steps", self.preparation_steps, self.statement)
        if self.addition:
            yield section("project", self.addition)
