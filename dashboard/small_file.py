"""A place to drop a small file that says something about a session: it is read off the event loop and used at once."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import panel as pn

from custseg.errors import SettingError, quote
from custseg.language import say
from custseg.session.background import SupersededError
from dashboard.file_place import FilePlace
from dashboard.file_reader import FileReader, sentence_for
from dashboard.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path

    import param

    from custseg import SegmentationModel
    from custseg.session.background import Ticket

Found = TypeVar("Found")


class SmallFile(FilePlace, Generic[Found]):
    """The place, and a line below it that says what came of a file. The file goes when the session does.

    A kind of file says in ``hint`` what to drop, in ``what`` what it is, in ``how`` what to do where it is none, and
    how it is read (``read``) and used (``use``).
    """

    megabytes = 1
    hint = what = how = ""

    def __init__(self, model: SegmentationModel, reader: FileReader | None = None, **params: Any) -> None:
        self._reader = reader or FileReader()
        upload = Upload(
            self.megabytes, self._reader.room, advice=say(self.how), sizing_mode="stretch_width", margin=(6, 0)
        )
        super().__init__(model, upload, **params)
        self._layout = pn.Column(self.upload, self._note, *self.below(), sizing_mode="stretch_width", margin=0)
        self.upload.param.watch(self._arrived, ["path"])

    def below(self) -> list[Any]:
        """Return what stands below the place and its line."""
        return []

    def read(self, path: Path, ticket: Ticket) -> Found:
        """Read a file, in a thread. Raises SettingError where something is wrong with it."""
        raise NotImplementedError

    async def use(self, found: Found) -> str:
        """Use what was read; return what is wrong with it here, if anything is."""
        raise NotImplementedError

    def _hint(self) -> str:
        return f'<p class="note">{html.escape(say(self.hint))}</p>'

    async def _arrived(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            await self._read(event.new)
        else:
            # Another file begins to come, in the place of the one that is being read.
            self._reading.supersede()

    async def _read(self, path: Path) -> None:
        """Read off the event loop, and use what was read; or say what is wrong, and leave all as it was."""
        try:
            found = await self._reading.compute(lambda ticket: self.read(path, ticket))
        except SupersededError:
            return
        except SettingError as problem:
            self._fail(str(problem))
            return
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            # Which also logs it; what it advises is for tables.
            sentence_for(problem, path)
            self._fail(
                say(
                    "{name} cannot be read as a {what}. {how}",
                    name=quote(path.name),
                    what=say(self.what),
                    how=say(self.how),
                )
            )
            return
        wrong = await self.use(found)
        if wrong:
            self._fail(wrong)
            return
        with self.model.batch_updates():
            self._say(say("The {what} {name} is used now.", what=say(self.what), name=quote(path.name)))
