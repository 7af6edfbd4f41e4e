"""How far long work has come: on standard error where somebody watches, and nowhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from custseg.cli.telling import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(work: str, steps: int | None = None) -> Iterator[Callable[[int, int], None]]:
    """Show that work goes on; what is yielded takes the number of the step that begins, from 1, and how many follow."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    # What is shown may come from a table, and is no markup.
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
    shown = Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with shown:
        task = shown.add_task(harmless(work), total=steps)

        def tell(step: int, of: int) -> None:
            shown.update(task, completed=step - 1, total=of)

        yield tell
