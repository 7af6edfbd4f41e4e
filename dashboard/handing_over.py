"""How the server hands a result to a process of its own that makes files: pickled, on a pipe that only the two hold.

Nothing of it comes from outside, and nothing pickled comes back. Frozen results cross as their fields: what they keep
beside, found when it was asked for, is found again there, and may change here meanwhile.
"""

from __future__ import annotations

import pickle
from dataclasses import fields, is_dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Sequence

    Piece = bytes | bytearray | memoryview


def pack(thing: object) -> list[Piece]:
    """Return a thing as pieces of bytes: what it is, and then its numbers, which are not copied."""
    numbers: list[pickle.PickleBuffer] = []
    described = BytesIO()
    _Packer(described, protocol=5, buffer_callback=numbers.append).dump(thing)
    return [described.getbuffer(), *(piece.raw() for piece in numbers)]


def unpack(pieces: Sequence[Piece]) -> Any:
    """Return what was packed by this server's own process."""
    described, *numbers = pieces
    return pickle.loads(described, buffers=numbers)  # noqa: S301 - see above


class _Packer(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, nw.DataFrame):
            return _AS_FRAME, (thing.to_native(),)
        if is_dataclass(thing) and not isinstance(thing, type) and thing.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            return _again, (type(thing), *(_now(getattr(thing, field.name)) for field in fields(thing) if field.init))
        return NotImplemented


def _now(value: Any) -> Any:
    # Others may put more into it at the same time.
    return dict(value) if type(value) is dict else value


def _again(kind: type, *values: object) -> object:
    return kind(*values)


_AS_FRAME = partial(nw.from_native, eager_only=True)
