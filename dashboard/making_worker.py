"""What a process runs that makes files to download: it takes over what a model holds, and answers with the file.

A request (``worker_requests``) has the ``sizes`` of the pieces of bytes that follow it, which ``handing_over`` unpacks:
what writes the file, the model's state, and what else that needs. After an answer with ``made``, a number of bytes,
come these.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

# What files need is imported before one is asked for: Panel, Bokeh and HoloViews, and what draws and writes.
import custseg.panes
import custseg.panes.snapshot  # noqa: F401
from custseg.session.download import check_size
from custseg.session.model import SegmentationModel
from dashboard.handing_over import unpack
from dashboard.making_limits import MakingLimits
from dashboard.worker_requests import do_requests, say_to

if TYPE_CHECKING:
    from pathlib import Path


def answer_requests(described: dict[str, int], folder: Path) -> None:
    """Make files until nobody asks for one, or until who asked is gone."""
    limits = MakingLimits(**described)

    def do(request: dict[str, Any], answers: IO[bytes]) -> None:
        made = _made(request["sizes"])
        # The server would read no more of it.
        check_size(len(made), limits.answer_megabytes)
        say_to(answers, {"made": len(made)})
        answers.write(made)
        answers.flush()

    do_requests(do, limits.seconds, folder)


def _made(sizes: list[int]) -> memoryview:
    pieces = [_read(size) for size in sizes]
    write, state, more = unpack(pieces)
    stream = BytesIO()
    write(SegmentationModel.of_state(state).bundle(), *more, stream)
    return stream.getbuffer()


def _read(size: int) -> bytearray:
    piece = bytearray(size)
    if sys.stdin.buffer.readinto(piece) != size:  # type: ignore[union-attr]
        msg = "who asked is gone"
        raise EOFError(msg)
    return piece
