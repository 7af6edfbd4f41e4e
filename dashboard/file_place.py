"""A place to drop a file, with a line below it: what Intake, a later table, a playbook and a project share."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.part import Part
from custseg.panes.base.style import TEXT_STYLE
from custseg.session.background import LatestTask

if TYPE_CHECKING:
    import param

    from custseg import SegmentationModel
    from dashboard.upload import Upload


class FilePlace(Part):
    """The place, and the line that says what came of a file. The file goes when the session does."""

    def __init__(self, model: SegmentationModel, upload: Upload, **params: Any) -> None:
        super().__init__(model, **params)
        self.upload = upload
        self._reading = LatestTask(waits=True)
        self._note = pn.pane.HTML(self._hint(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self.upload.param.watch(self._refused, ["refusal"])
        if pn.state.curdoc:
            pn.state.on_session_destroyed(lambda _: self.leave())

    @property
    def note(self) -> str:
        """What is said below the place for files, as HTML."""
        return str(self._note.object)

    def leave(self) -> None:
        """Stop reading, and remove the file that came."""
        self._reading.supersede()
        self.upload.discard()

    def _hint(self) -> str:
        """Say, as HTML, what to drop, where nothing is to be said of a file."""
        raise NotImplementedError

    def _say(self, text: str) -> None:
        self._note.object = f'<p class="note" role="status">{html.escape(text)}</p>' if text else self._hint()

    def _fail(self, problem: str) -> None:
        with self.model.batch_updates():
            self._note.object = f'<p class="problem" role="alert">{html.escape(problem)}</p>'

    def _refused(self, event: param.parameterized.Event) -> None:
        if event.new:
            self._fail(event.new)
