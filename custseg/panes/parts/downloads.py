"""The result as files to download: a button for each format."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import SettingError
from custseg.export.formats import FORMATS
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE

if TYPE_CHECKING:
    from custseg.export.formats import Format
    from custseg.session.model import SegmentationModel


class Downloads(Part):
    """Download buttons, usable once there is a result."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._kinds = tuple(FORMATS)
        self._buttons = [self._button(kind) for kind in self._kinds]
        self._layout = pn.Column(*self._buttons, sizing_mode="stretch_width", margin=0)
        self.watch(self._enable, "run")

    def _button(self, kind: Format) -> pn.widgets.FileDownload:
        def contents() -> BytesIO:
            stream = BytesIO()
            try:
                kind.write(self.model.bundle(), stream)
            except SettingError as problem:
                # Else nobody would know why no file comes.
                self.model.error = str(problem)
                raise
            stream.seek(0)
            self.model.downloads.record(kind.name, len(self.model.table))
            return stream

        return pn.widgets.FileDownload(
            callback=contents,
            filename=self._filename(kind),
            label=kind.title,
            disabled=self.model.outcome is None,
            color="default",
            sizing_mode="stretch_width",
            stylesheets=[BUTTON_STYLE],
            margin=(0, 0, 8, 0),
        )

    def _filename(self, kind: Format) -> str:
        return kind.filename_for(self.model.table.title, datetime.now().astimezone().date())

    def _enable(self, _: frozenset[str]) -> None:
        # Of other customers there is no result until a run.
        for kind, button in zip(self._kinds, self._buttons, strict=True):
            button.disabled, button.filename = self.model.outcome is None, self._filename(kind)
