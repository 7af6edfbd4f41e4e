"""The result to take along: two CSV files and a page that opens without a network."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.export.csv import customers_csv, summary_csv
from custseg.panes.base.style import BUTTON_STYLE
from custseg.panes.base.view import View
from custseg.panes.snapshot import render_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult


class Downloads(View):
    """Three download buttons, usable once there is a result."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._buttons = [
            self._button("Report to share (HTML)", "segments.html", lambda _: render_html(model)),
            self._button(
                "Segments (CSV)", "segments.csv", lambda run: summary_csv(run.profile, run.words, model.certainty)
            ),
            self._button("Customers (CSV)", "customers.csv", lambda run: customers_csv(run.segmentation, run.words)),
        ]
        self._layout = pn.Column(*self._buttons, sizing_mode="stretch_width", margin=0)
        self.watch(self._enable, "run")

    def _button(self, label: str, filename: str, write: Callable[[RunResult], str]) -> pn.widgets.FileDownload:
        def contents() -> BytesIO | None:
            outcome = self.model.outcome
            return (
                BytesIO(write(outcome).encode("utf-8-sig" if filename.endswith(".csv") else "utf-8"))
                if outcome
                else None
            )

        return pn.widgets.FileDownload(
            callback=contents,
            filename=filename,
            label=label,
            disabled=self.model.outcome is None,
            color="default",
            sizing_mode="stretch_width",
            stylesheets=[BUTTON_STYLE],
            margin=(0, 0, 8, 0),
        )

    def _enable(self, _: frozenset[str]) -> None:
        for button in self._buttons:
            if button.disabled:
                button.disabled = False
