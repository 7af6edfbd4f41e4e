"""The segments side by side, what sets each apart, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.panes.parts.actions import Actions
from custseg.panes.parts.rules import SegmentRules
from custseg.panes.parts.segment_charts import SegmentCharts
from custseg.panes.parts.segment_in_depth import SegmentInDepth
from custseg.panes.views.view import View, section

if TYPE_CHECKING:
    from collections.abc import Iterator


class Segments(View):
    """All segments side by side, one in depth, and what to do. A page adds a place for a playbook of one's own."""

    def lay_out(self) -> Iterator[Any]:
        """Make the parts."""
        self.segment_charts = self.make(SegmentCharts)
        yield section("segment_charts", self.segment_charts)
        self.segment_in_depth = self.make(SegmentInDepth)
        self.actions = self.make(Actions)
        self.segment_rules = self.make(SegmentRules)
        # Before a run, one of them says that it takes one.
        self._of_a_result = (
            section("segment_in_depth", self.segment_in_depth),
            section("segment_rules", self.segment_rules),
        )
        self._follow()
        self.watch(self._follow, "run")
        in_depth, rules = self._of_a_result
        yield in_depth
        yield section("actions", self.actions, *([self.addition] if self.addition else []))
        yield rules

    def _follow(self, *_: frozenset[str]) -> None:
        for part in self._of_a_result:
            part.visible = self.model.outcome is not None
