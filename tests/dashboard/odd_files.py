"""Files that are odd to make: endless, too large, broken. The process that makes them imports them from here."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, BinaryIO

from custseg.errors import SettingError
from custseg.language import current

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle


def write_forever(_: ResultBundle, stream: BinaryIO) -> None:
    while True:
        time.sleep(0.1)
        stream.write(b"more")


def write_much(_: ResultBundle, stream: BinaryIO) -> None:
    stream.write(bytes(2_000_000))


def hold_much(_: ResultBundle, stream: BinaryIO) -> None:
    stream.write(bytes(1_500_000_000))


def end(_: ResultBundle, __: BinaryIO) -> None:
    os._exit(3)


def fail(bundle: ResultBundle, _: BinaryIO) -> None:
    raise ValueError(bundle.segmentation.table.identifiers[0])


def refuse(_: ResultBundle, __: BinaryIO) -> None:
    msg = "There is nothing to write."
    raise SettingError(msg)


def tell_language(_: ResultBundle, stream: BinaryIO) -> None:
    stream.write(current().encode())
