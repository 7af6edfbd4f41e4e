"""What is drawn of very many customers in a part of the picture: frozen values, asked for and found in any thread."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from custseg.panes.base.style import APART_COLOUR, SEGMENT_COLOURS, UNASSIGNED_COLOUR
from custseg.panes.charts.density import NOTHING, Density, image_columns
from custseg.tables.expressions import SEGMENT
from custseg.tables.in_memory import same_customers
from custseg.tables.placed import Grid, placed
from custseg.tables.shapes import OnFeatures

if TYPE_CHECKING:
    from custseg.panes.charts.axes import Axes, Limits
    from custseg.session.run_result import RunResult
    from custseg.tables.customers import Customers, Sample
    from custseg.tables.expressions import Condition
    from custseg.tables.placed import Placed
    from custseg.tables.table import CustomerTable

# The cells of which one customer each can be pointed at, in pixels.
_CELL = 6


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be drawn.

    Attributes
    ----------
    customers
        Who, with their segments where there is a result.
    outcome
        The result, None before the first run.
    axes
        Where they lie.
    window
        From where to where on each axis; None for all.
    size
        How many pixels wide and high that is.
    outstanding
        Who stands out; None for everybody alike.
    named
        Whether single customers can be pointed at.

    """

    customers: Customers = field(repr=False)
    outcome: RunResult | None
    axes: Axes
    window: Limits | None
    size: tuple[int, int]
    outstanding: Condition | None
    named: bool

    def is_about_the_same_as(self, other: Asked) -> bool:
        """Whether both are of the same segments in the same places, whatever the part of the picture."""
        mine, others = (asked.outcome and asked.outcome.segmentation for asked in (self, other))
        return mine is others and self.is_in_the_same_places_as(other)

    def is_in_the_same_places_as(self, other: Asked) -> bool:
        """Whether both are of the same customers on the same axes."""
        return self.axes.key == other.axes.key and same_customers(self.customers, other.customers)


@dataclass(frozen=True, eq=False)
class Found:
    """What is drawn.

    Attributes
    ----------
    asked
        What was asked for.
    limits
        What the axes span where nobody has zoomed.
    images
        The images of everybody and of each segment, as columns.
    sample
        Customers who can be pointed at, one of each few pixels.
    everyone, outstanding
        All customers in their places, and those that stand out: for whoever asks for another part.

    """

    asked: Asked
    limits: Limits
    images: dict[str, list[Any]] = field(repr=False)
    sample: Sample = field(repr=False)
    everyone: Placed | None = field(default=None, repr=False)
    outstanding: Placed | None = field(default=None, repr=False)

    @property
    def nowhere(self) -> int:
        """How many customers have no place on these axes."""
        return self.everyone.nowhere if self.everyone else 0


def compile_counting(table: CustomerTable) -> None:
    """Import and compile what counts customers, so that nobody waits for it."""
    feature = table.features[0]
    placed(table.customers, OnFeatures((feature, feature))).counts(Grid((0, 1), (0, 1), 1, 1))


def nothing_yet(asked: Asked) -> Found:
    """Return an empty picture, to be there until more is found."""
    nobody = asked.customers.sample(0)
    return Found(asked, asked.axes.limits(nobody), NOTHING, nobody)


def find(asked: Asked, before: Found | None = None) -> Found:
    """Count the customers in each pixel, and choose who can be pointed at; ``before`` saves placing them anew."""
    same = before is not None and before.asked.is_in_the_same_places_as(asked)
    if same and before is not None and before.everyone is not None:
        # Its axes have learned their scales already.
        asked = replace(asked, axes=before.asked.axes)
        everyone, limits = before.everyone.labelled(asked.customers), before.limits
    else:
        everyone = placed(asked.customers, asked.axes.projection)
        limits = asked.axes.limits(asked.customers.sample(asked.customers.count))
    outstanding = _outstanding(asked, before if same else None, everyone)
    (x, y), (width, height) = asked.window or limits, asked.size
    grid, label = Grid(x, y, width, height), SEGMENT if asked.outcome else None
    density = Density(
        grid, everyone.counts(grid, label), None if outstanding is None else outstanding.counts(grid, label)
    )
    cells = Grid(x, y, max(1, width // _CELL), max(1, height // _CELL))
    sample = everyone.one_a_cell(cells) if asked.named else asked.customers.sample(0)
    return Found(asked, limits, _images(density, asked.outcome), sample, everyone, outstanding)


def _outstanding(asked: Asked, before: Found | None, everyone: Placed) -> Placed | None:
    if asked.outstanding is None:
        return None
    if before is not None and before.outstanding is not None and before.asked.outstanding is asked.outstanding:
        return before.outstanding.labelled(asked.customers)
    return everyone.where(asked.outstanding)


def _images(density: Density, outcome: RunResult | None) -> dict[str, list[Any]]:
    if outcome is None:
        return image_columns(density, [UNASSIGNED_COLOUR], [])
    colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots]
    numbers = [str(number) for number in range(1, outcome.segmentation.k + 1)]
    return image_columns(density, [UNASSIGNED_COLOUR, *colours, APART_COLOUR], numbers)
