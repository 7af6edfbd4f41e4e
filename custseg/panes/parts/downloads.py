"""The result as files to download: a button for each format that many want, and a list of the others."""

from __future__ import annotations

from asyncio import CancelledError
from datetime import datetime
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import DataError, SettingError
from custseg.export.formats import FORMATS
from custseg.language import say
from custseg.panes.base.made_files import made
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE

if TYPE_CHECKING:
    from io import BytesIO

    from custseg.export.formats import Format
    from custseg.session.model import SegmentationModel


class DownloadRefusedError(CancelledError):
    """Ends a download of which was said why there is none; as something that was cancelled, it is no error in a log."""


class Downloads(Part):
    """Download buttons, usable once there is a result."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._kinds = tuple(kind for kind in FORMATS if kind.at_hand)
        self._others = tuple(kind for kind in FORMATS if not kind.at_hand)
        self._buttons = [self._button(kind) for kind in self._kinds]
        self._other = pn.widgets.Select(
            label=say("Another file"), sizing_mode="stretch_width", stylesheets=[CONTROL_STYLE], margin=(4, 0, 4, 0)
        )
        self._save_other = self._button(self._others[0], say("Save this file"))
        self._layout = pn.Column(*self._buttons, self._other, self._save_other, sizing_mode="stretch_width", margin=0)
        self._offer(frozenset())
        self._other.param.watch(lambda _: self._name_files(), "value")
        self.watch(self._offer, "run", "migration", "selected")

    def _button(self, kind: Format, label: str = "") -> pn.widgets.FileDownload:
        async def contents() -> BytesIO:
            return await self._contents(self._chosen if label else kind)

        return pn.widgets.FileDownload(
            callback=contents,
            filename=self._filename(kind),
            label=label or say(kind.title),
            disabled=self.model.outcome is None,
            color="default",
            sizing_mode="stretch_width",
            stylesheets=[BUTTON_STYLE],
            margin=(0, 0, 8, 0),
        )

    async def _contents(self, kind: Format) -> BytesIO:
        try:
            # There may be no result any more by the time that the press on the button arrives.
            bundle = self.model.bundle()
            stream = await made(kind.write, bundle, drawn=kind.drawn)
            self.model.downloads.record(kind.name, len(bundle.segmentation.table), len(stream.getbuffer()))
        except (DataError, SettingError) as problem:
            # Else nobody would know why no file comes.
            self.model.error = str(problem)
            raise DownloadRefusedError from problem
        except OSError as problem:
            why = problem.strerror or type(problem).__name__
            self.model.error = say("The file cannot be made on the server: {why}. Try again later.", why=why)
            raise DownloadRefusedError from problem
        return stream

    @property
    def _chosen(self) -> Format:
        return next((kind for kind in self._others if kind.name == self._other.value), self._others[0])

    def _filename(self, kind: Format) -> str:
        return kind.filename_for(self.model.table.title, datetime.now().astimezone().date())

    def _offer(self, _: frozenset[str]) -> None:
        """Offer what the result can be written as by now; of other customers there is none until a run."""
        bundle = self.model.bundle() if self.model.outcome is not None else None
        groups: dict[str, dict[str, str]] = {}
        for kind in self._others:
            if bundle is None or not kind.why_not(bundle):
                groups.setdefault(say(kind.group) if kind.group else kind.group, {})[say(kind.title)] = kind.name
        names = [name for group in groups.values() for name in group.values()]
        value = self._other.value if self._other.value in names else names[0]
        self._other.param.update(groups=groups, value=value, disabled=bundle is None)
        self._name_files()

    def _name_files(self) -> None:
        disabled = self.model.outcome is None
        for kind, button in zip(self._kinds, self._buttons, strict=True):
            button.disabled, button.filename = disabled, self._filename(kind)
        self._save_other.param.update(disabled=disabled, filename=self._filename(self._chosen))
