"""Bring a playbook of one's own: names and suggestions for segments, in place of those that come with custseg."""

from __future__ import annotations

import html
from io import BytesIO
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg import Playbook, choose_playbook
from custseg.errors import SettingError, quote
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE
from custseg.session.background import LatestTask, SupersededError
from dashboard.file_reader import FileReader, sentence_for
from dashboard.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path

    import param

    from custseg import SegmentationModel

_MEGABYTES = 1
_HOW = "Download a playbook below, and change that."
_HINT = '<p class="note">Drop a playbook here: a YAML file of up to 1 MB, in the form of the one below.</p>'


class OwnPlaybook(Part):
    """A place to drop a playbook, which the words follow at once. The file goes when the session does."""

    def __init__(self, model: SegmentationModel, reader: FileReader | None = None, **params: Any) -> None:
        super().__init__(model, **params)
        self._reader = reader or FileReader()
        self._reading = LatestTask(waits=True)
        self.upload = Upload(_MEGABYTES, advice=_HOW, sizing_mode="stretch_width", margin=(6, 0))
        self._note = pn.pane.HTML(_HINT, stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._example = pn.widgets.FileDownload(
            callback=self.example,
            filename="playbook.yaml",
            label="Download a playbook to change (YAML)",
            color="default",
            stylesheets=[BUTTON_STYLE],
            margin=0,
        )
        self._layout = pn.Column(self.upload, self._note, self._example, sizing_mode="stretch_width", margin=0)
        self.upload.param.watch(self._arrived, ["path"])
        self.upload.param.watch(self._refused, ["refusal"])
        if pn.state.curdoc:
            pn.state.on_session_destroyed(lambda _: self.leave())

    @property
    def note(self) -> str:
        """What is said below the place for files, as HTML."""
        return str(self._note.object)

    def example(self) -> BytesIO:
        """Return a playbook to change: the one that is used, or of one's own, the one that suits the table."""
        book = self.model.playbook
        if book is None or not book.is_bundled:
            book = choose_playbook(self.model.table).playbook
        return BytesIO(Playbook.text(book.name).encode())

    def leave(self) -> None:
        """Stop reading, and remove the file that came."""
        self._reading.supersede()
        self.upload.discard()

    def _say(self, text: str, role: str) -> None:
        kind = "problem" if role == "alert" else "note"
        with self.model.batch_updates():
            self._note.object = f'<p class="{kind}" role="{role}">{html.escape(text)}</p>'

    def _refused(self, event: param.parameterized.Event) -> None:
        if event.new:
            self._say(event.new, "alert")

    async def _arrived(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            await self._read(event.new)
        else:
            # Another file begins to come, in the place of the one that is being read.
            self._reading.supersede()

    async def _read(self, path: Path) -> None:
        """Read off the event loop, and use what was read; or say what is wrong, and leave all as it was."""
        try:
            book = await self._reading.compute(lambda ticket: self._reader.playbook_of(path, ticket))
        except SupersededError:
            return
        except SettingError as problem:
            self._say(str(problem), "alert")
            return
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            # Which also logs it; what it advises is for tables.
            sentence_for(problem, path)
            self._say(f"{quote(path.name)} cannot be read as a playbook. {_HOW}", "alert")
            return
        with self.model.batch_updates():
            self.model.playbook = book
        self._say(f"The playbook {quote(path.name)} is used now.", "status")
