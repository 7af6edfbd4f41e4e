"""A file from a browser, written to disk piece by piece as it comes."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import panel as pn
import param

from custseg.errors import SettingError, quote, reason_of_system
from custseg.language import ENGLISH, current, say
from dashboard.upload_room import SessionRoom

_LONGEST_NAME = 100
_MEGABYTE = 1_000_000
# Small, so that the first piece says soon that a file comes.
_PIECE = 1_000_000
_STYLE = (Path(__file__).parent / "upload.css").read_text(encoding="utf-8")


def _style() -> str:
    """Return the style sheet, which writes over what FilePond says in English."""
    if current() == ENGLISH:
        return _STYLE
    drop, browse = (json.dumps(text, ensure_ascii=False) for text in (say("Drop a file or "), say("choose one")))
    action = ".filepond--drop-label .filepond--label-action"
    return (
        f"{_STYLE.replace(json.dumps('Drop a file or '), drop)}\n{action} {{ font-size: 0 !important; }}\n"
        f"{action}::before {{ content: {browse}; font-size: 13px; }}"
    )


class Upload(pn.widgets.FileDropper):
    """A place to drop a file. Panel's own keeps the whole file in memory, and takes what is text for UTF-8.

    ``path`` is the file that came last, and None from when another begins to come: whoever still reads the earlier one
    has to give up, since it is removed. ``coming`` is the name of a file of which pieces come. ``refusal`` says why one
    was not taken. What a browser says of a file, its name and its size, is not believed: the name is reduced to a plain
    one, the bytes are counted.
    """

    path: Path | None = param.ClassSelector(class_=Path, allow_None=True, doc="The file that came last.")
    coming: str = param.String(default="", doc="The name of the file that is being sent; empty where none is.")
    refusal: str = param.String(default="", doc="Why a file was not taken.")
    advice: str = param.String(
        default="Send fewer rows or columns, or save it as Parquet.", doc="What to do with a file that is too large."
    )
    megabytes: int = param.Integer(default=200, constant=True, doc="How large a file may be.")

    _rename = {"path": None, "coming": None, "refusal": None, "advice": None, "megabytes": None}  # noqa: RUF012 - Panel's own way

    def __init__(self, megabytes: int, room: SessionRoom | None = None, **params: Any) -> None:
        super().__init__(
            megabytes=megabytes,
            max_file_size=f"{megabytes}MB",
            chunk_size=_PIECE,
            multiple=False,
            previews=[],
            layout="compact",
            stylesheets=[_style()],
            **params,
        )
        # Goes when the session does.
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._coming: Path | None = None
        self._size = 0
        self._room = room or SessionRoom()

    def discard(self) -> None:
        """Remove what came."""
        if self._folder is not None:
            self._folder.cleanup()
        self._room.give_back(self._size)
        self._size = 0

    def take(self, piece: dict[str, Any]) -> None:
        """Take one piece of a file: its ``name``, its ``data``, and which ``chunk`` it is of ``total_chunks``."""
        try:
            self._take(piece)
        except OSError as problem:
            self._coming = None
            self.discard()
            why = reason_of_system(problem)
            self._refuse(
                say(
                    "{name} cannot be kept on the server: {why}. Try again later.",
                    name=quote(str(piece["name"])),
                    why=why,
                )
            )

    def _take(self, piece: dict[str, Any]) -> None:
        if piece["chunk"] == 1:
            self._begin(str(piece["name"]))
        if self._coming is None:
            return
        size, name = len(piece["data"]), quote(str(piece["name"]))
        if self._size + size > self.megabytes * _MEGABYTE:
            self._give_up(
                say(
                    "{name} is larger than {megabytes} MB, the limit here. {advice}",
                    name=name,
                    megabytes=self.megabytes,
                    advice=say(self.advice),
                )
            )
            return
        try:
            self._room.take(size)
        except SettingError as problem:
            self._give_up(say("{name} cannot be taken: {why}", name=name, why=problem))
            return
        self._size += size
        with self._coming.open("ab") as file:
            file.write(piece["data"])
        if piece["chunk"] == piece["total_chunks"]:
            path, self._coming = self._coming, None
            self.param.update(path=path, coming="", refusal="")

    def _process_event(self, event: Any) -> None:
        if event.event_name != "delete_event":
            self.take(event.data)

    def _begin(self, name: str) -> None:
        self.path = None
        self.discard()
        self._folder = tempfile.TemporaryDirectory(prefix="custseg-upload-")
        self._coming = Path(self._folder.name) / plain_name(name)
        self._coming.touch()
        self.coming = self._coming.name

    def _give_up(self, why: str) -> None:
        self._coming = None
        self.discard()
        self._refuse(why)

    def _refuse(self, why: str) -> None:
        self.param.update(coming="", refusal=why)
        # Also where the same is said once more.
        self.param.trigger("refusal")


def plain_name(name: str) -> str:
    """Return the last part of a name, without what has a meaning to a file system, and not too long for one."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(character for character in last if character.isprintable()).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    short = f"{stem[:_LONGEST_NAME]}{dot}{suffix[:10]}" if dot else plain[:_LONGEST_NAME]
    # A file system counts bytes, and a letter may have four.
    return short.encode()[-240:].decode(errors="ignore") or "file"
