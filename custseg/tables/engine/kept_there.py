"""What an engine is to compute once and keep where it is, for as long as it is looked at."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from custseg.tables.engine.engine_frame import EngineFrame, seen

if TYPE_CHECKING:
    from collections.abc import Callable

    import narwhals as nw

    Lazy = nw.LazyFrame[Any]


def keep_there(engine: EngineFrame, lazy: Lazy) -> Callable[[], Lazy]:
    """Have an engine keep an answer, and return what opens it.

    Polars keeps it in files, Ibis in a temporary table, others as they do themselves.

    Raises DataError where the engine fails. Spark and Dask compute it when it is first asked for.
    """
    with engine.alone():
        native: Any = lazy.to_native()
        if engine.name == "Polars":
            return _in_files(native)
        kept = _in_table(native) if lazy.implementation.is_ibis() else native.persist()
    return lambda: seen(kept)


def _in_table(native: Any) -> Any:
    """Make a temporary table, which goes with the connection."""
    return native.get_backend().create_table(f"custseg_{token_hex(8)}", native, temp=True)


def _in_files(native: Any) -> Callable[[], Lazy]:
    import polars as pl

    folder = Path(tempfile.mkdtemp(prefix="custseg-"))
    native.sink_parquet(folder / "customers.parquet")

    def open_files() -> Lazy:
        lazy: Lazy = seen(pl.scan_parquet(folder / "customers.parquet"))
        return lazy

    # Nobody looks at it once there is nothing that opens it.
    weakref.finalize(open_files, shutil.rmtree, folder, ignore_errors=True)
    return open_files


def reopened(open_kept: Callable[[], Lazy], finish: Callable[[Lazy], Lazy]) -> EngineFrame:
    """Return what was kept as a table, with something done to it whenever it is asked for."""
    frame = EngineFrame.of(finish(open_kept()).to_native())
    return frame if frame.name != "Polars" else EngineFrame.opened(lambda: finish(open_kept()).to_native())
