"""What a run finds of its customers, before it is anybody's run: kept where others may ask for the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from custseg.clustering.segmentation import Segmentation, segment
from custseg.insight.hidden_differences import Overlaps, find_overlaps
from custseg.insight.profile import Profile, profile
from custseg.insight.projections import Plane, find_planes
from custseg.insight.separating_features import evened_out_amounts
from custseg.narrative.interpretation import Interpretation, interpret
from custseg.run_limits import check_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.engines.pushed_down import Progress
    from custseg.session.run_settings import RunSettings
    from custseg.tables.table import CustomerTable

# What is found of more takes its room; a run of fewer is made by many, one after another, who share a table.
_MOST_CUSTOMERS = 20_000


@dataclass(frozen=True, eq=False)
class Findings:
    """The segments, their numbers, what a picture can show of them, their words, and whether another run found them."""

    segmentation: Segmentation
    profile: Profile
    planes: tuple[Plane, ...]
    overlaps: Overlaps
    words: Interpretation
    recalled: bool = False

    def of_another_run(self) -> Findings:
        """Return the same as the findings of one more run: two runs are told apart by their segmentations."""
        return self._about(self.segmentation.of_another_run())

    def of_a_random_start(self) -> Findings:
        """Return the same as the findings of a random start, which drew this seed."""
        return self._about(self.segmentation.of_another_run(seeded=False))

    def _about(self, same: Segmentation) -> Findings:
        return replace(
            self,
            segmentation=same,
            profile=replace(self.profile, segmentation=same),
            overlaps=replace(self.overlaps, segmentation=same),
        )


def find_or_recall(
    table: CustomerTable, settings: RunSettings, on_progress: Callable[[Progress], None] | None
) -> Findings:
    """Return what a run finds, where another one of the same table found it already without finding it again.

    A random start finds something else each time. Raises as ``find`` does.
    """
    if settings.seed is None or table.elsewhere is not None or len(table) > _MOST_CUSTOMERS:
        return find(table, settings, settings.seed, on_progress)
    # A playbook holds tables of words, and can be no key itself.
    book = None if settings.playbook is None else settings.playbook.model_dump_json()
    wanted = settings, book
    known: Findings | None = table.found_by_runs.recall(wanted)
    if known is not None:
        return replace(known.of_another_run(), recalled=True)
    return table.found_by_runs.get(wanted, lambda: find(table, settings, settings.seed, on_progress)).of_another_run()


def find(
    table: CustomerTable, settings: RunSettings, seed: int | None, on_progress: Callable[[Progress], None] | None
) -> Findings:
    """Segment and describe. Raises DataError and SettingError as ``segment`` does, and where it takes too long."""
    result = segment(
        table, features=settings.features, k=settings.k, seed=seed, recipe=settings.recipe, on_progress=on_progress
    )
    check_time()
    described = profile(result)
    check_time()
    overlaps = find_overlaps(result)
    # What the page asks for where nobody chose how amounts are drawn: it is found here, off the event loop.
    overlaps.separating_pair(evened_out_amounts(table))
    return Findings(result, described, find_planes(result), overlaps, interpret(described, settings.playbook))
