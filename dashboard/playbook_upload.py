"""Bring a playbook of one's own: names and suggestions for segments, in place of those that come with custseg."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg import Playbook, choose_playbook
from custseg.language import mark, say
from custseg.panes.base.style import BUTTON_STYLE, FOLD_STYLE, TEXT_STYLE
from dashboard.small_file import SmallFile

if TYPE_CHECKING:
    from pathlib import Path

    from custseg import SegmentationModel
    from custseg.session.background import Ticket
    from dashboard.file_reader import FileReader


class OwnPlaybook(SmallFile[Playbook]):
    """A place to drop a playbook, which the words follow at once."""

    hint = mark("Drop a playbook here: a YAML file of up to 1 MB, in the form of the one below.")
    what = mark("playbook")
    how = mark("Download a playbook below, and change that.")

    def __init__(self, model: SegmentationModel, reader: FileReader | None = None, **params: Any) -> None:
        super().__init__(model, reader, **params)
        # Most people have no use for it.
        self._layout = pn.Card(
            self._layout,
            header=pn.pane.HTML(say("Use a playbook of your own"), stylesheets=[TEXT_STYLE], margin=0),
            header_css_classes=["fold"],
            header_background="transparent",
            collapsed=True,
            stylesheets=[FOLD_STYLE],
            sizing_mode="stretch_width",
            margin=(8, 0, 0, 0),
        )

    def below(self) -> list[Any]:
        """Offer a playbook to change."""
        example = pn.widgets.FileDownload(
            callback=self.example,
            filename="playbook.yaml",
            label=say("Download a playbook to change (YAML)"),
            color="default",
            stylesheets=[BUTTON_STYLE],
            margin=0,
        )
        return [example]

    def example(self) -> BytesIO:
        """Return a playbook to change: the one that is used, or of one's own, the one that suits the table."""
        book = self.model.playbook
        if book is None or not book.is_bundled:
            book = choose_playbook(self.model.table).playbook
        return BytesIO(Playbook.text(book.name).encode())

    def read(self, path: Path, ticket: Ticket) -> Playbook:
        """Read a playbook in a process of its own."""
        return self._reader.playbook_of(path, ticket)

    async def use(self, found: Playbook) -> str:
        """Say everything in the words of a playbook."""
        with self.model.batch_updates():
            self.model.playbook = found
        return ""
