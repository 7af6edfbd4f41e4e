"""Bring a later table of the same customers, to follow them into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg import migrate
from custseg.errors import quote
from custseg.language import mark, say
from custseg.panes.base.style import BUTTON_STYLE
from custseg.session.background import SupersededError
from custseg.tables.purchases.aggregation import MEASURES
from dashboard.file_place import FilePlace
from dashboard.file_reader import FileReader, sentence_for
from dashboard.server_settings import server_settings
from dashboard.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path

    from custseg import SegmentationModel


class Later(FilePlace):
    """A place to drop a later table, which ``CustomerMigration`` then shows. The file goes when the session does."""

    doing: str = param.String(default="", doc="What is being done with a file; empty while nothing is.")

    def __init__(self, model: SegmentationModel, reader: FileReader | None = None, **params: Any) -> None:
        self._reader = reader or FileReader()
        upload = Upload(
            server_settings().upload_megabytes, self._reader.room, sizing_mode="stretch_width", margin=(0, 0, 6, 0)
        )
        super().__init__(model, upload, **params)
        self._again = pn.widgets.Button(visible=False, stylesheets=[BUTTON_STYLE], margin=(6, 0, 8, 0))
        self._layout = pn.Column(
            self.upload,
            self._note,
            self._again,
            sizing_mode="stretch_width",
            margin=0,
            # There is nobody to follow yet.
            visible=model.result is not None,
        )
        self.upload.param.watch(self._give_up, ["path"])
        self.upload.param.watch(self._arrived, ["path"])
        self._again.on_click(self._read_again)
        self.watch(self._follow, "run", "migration")

    def _hint(self) -> str:
        result = self.model.result
        of_purchases = result is not None and not MEASURES.isdisjoint(result.features)
        text = (
            mark(
                "CSV, Excel, Parquet or JSON Lines, up to {megabytes:,} MB: all purchases up to a later day, or a "
                "table with the same identifiers and features."
            )
            if of_purchases
            else mark(
                "CSV, Excel, Parquet or JSON Lines, up to {megabytes:,} MB, with the same identifiers and features."
            )
        )
        return f'<p class="note">{say(text, megabytes=self.upload.megabytes)}</p>'

    def _follow(self, _: frozenset[str]) -> None:
        """After another run the customers can be followed again; what was said of the last one is no longer so."""
        model = self.model
        self._layout.visible = model.result is not None
        if model.migration is not None:
            self._again.visible = False
            return
        self._say("")
        if model.result is None:
            # Other customers, of whom that file says nothing.
            self.upload.path = None
        self._offer_again()

    def _offer_again(self) -> None:
        path = self.upload.path
        if path is not None:
            self._again.label = say("Follow the customers into {name} again", name=quote(path.name))
        self._again.visible = path is not None and self.model.result is not None

    def give_way(self) -> None:
        """Leave a file alone that is being read; it can be read again."""
        self._reading.supersede()
        with self.model.batch_updates():
            self.doing = ""
            self._say("")
            self._offer_again()

    def _give_up(self, event: param.parameterized.Event) -> None:
        """Let go of a file in whose place another begins to come; at once, since it is removed."""
        if event.new is None and event.old is not None:
            self._reading.supersede()
            with self.model.batch_updates():
                self._again.visible = False
                self.doing = ""
                self._say("")

    async def _arrived(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            await self._read(event.new)

    async def _read_again(self, _: param.parameterized.Event) -> None:
        if self.upload.path is not None:
            await self._read(self.upload.path)

    async def _read(self, path: Path) -> None:
        """Read and follow off the event loop, so that other sessions go on; or say what is wrong."""
        result = self.model.result
        if result is None:
            self._fail(say("There are no segments to follow yet. Run the clustering first."))
            return

        def tell(progress: str = "") -> None:
            with self.model.batch_updates():
                self.doing = (
                    say("Reading {name}: {progress}", name=path.name, progress=progress)
                    if progress
                    else say("Reading {name}", name=path.name)
                )
                self._say(f"{self.doing} ...")

        try:
            migration = await self._reading.compute(
                lambda ticket: migrate(result, self._reader.later_customers(path, result.features, ticket)), tell, tell
            )
        except SupersededError:
            return
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            self.doing = ""
            self._fail(sentence_for(problem, path))
            return
        self.doing = ""
        self.model.show_migration(migration)
        # Another run may have come meanwhile: then it is offered to read the file again.
        if self.model.migration is migration:
            with self.model.batch_updates():
                self._say(say("The customers were followed into {name}.", name=quote(path.name)))
