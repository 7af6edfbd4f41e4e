"""The run that the settings call for: what it comes out of, whether it would bring anything new, and making it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from custseg.clustering.category_coding import orders_compared
from custseg.language import current
from custseg.run_limits import NO_LIMITS, RunLimits, check_time, within
from custseg.session.run_result import run_pipeline
from custseg.session.run_settings import RunSettings
from custseg.tables.customers import SAMPLE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.engines.pushed_down import Progress
    from custseg.session.model_parameters import ModelParameters
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable


@dataclass(frozen=True, eq=False)
class NextRun:
    """All that the next run comes out of; ``before`` is the run that is shown until then."""

    table: CustomerTable
    before: RunResult | None
    number: int
    settings: RunSettings
    # Names and sentences are part of what a run brings.
    language: str = field(default_factory=current)

    @staticmethod
    def of(model: ModelParameters, number: int) -> NextRun:
        """Return the run that the settings of a model call for."""
        settings = RunSettings(tuple(model.features), model.k, model.seed, model.recipe, model.playbook)
        return NextRun(model.table, model.outcome, number, settings)

    @property
    def is_long(self) -> bool:
        """Whether it takes so long that somebody may leave meanwhile."""
        return self.table.elsewhere is not None or len(self.table) > SAMPLE_SIZE

    @property
    def differs(self) -> bool:
        """Whether what matters to clustering, or what columns are called, is other than in the run before it."""
        if self.before is None:
            return False
        settings, table = self.before.settings, self.before.segmentation.table
        if self.settings != settings or self.table is table:
            return self.settings != settings
        compared = _compared(self.table, settings), _words(self.table)
        return compared != (_compared(table, settings), _words(table))

    def brings_what(self, other: NextRun) -> bool:
        """Whether another one brings the same; what people call segments by then is taken over once it is shown."""
        return (
            self.table is other.table
            and _matched_to(self.before) == _matched_to(other.before)
            and (self.number, self.settings, self.language) == (other.number, other.settings, other.language)
            and self.settings.playbook is other.settings.playbook
        )

    def make(
        self, on_progress: Callable[[Progress], None] = lambda _: None, *, limits: RunLimits = NO_LIMITS
    ) -> RunResult:
        """Run, telling of each step in an engine. Raises as ``run_pipeline``, and SettingError beyond a limit."""
        if self.table.elsewhere is None:
            limits.check_size(len(self.table), len(self.settings.features))

        def on_step(progress: Progress) -> None:
            check_time()
            on_progress(progress)

        with within(limits):
            return run_pipeline(self.table, self.before, self.number, self.settings, on_step)


def _matched_to(before: RunResult | None) -> object:
    """Return what segments take over their colours from: the identity of a result, and its slots."""
    return None if before is None else (id(before.segmentation), before.slots)


def _compared(table: CustomerTable, settings: RunSettings) -> object:
    """Return what a table says of the columns that are compared: which are money, and which order their levels have."""
    return table.money(settings.features), orders_compared(table, settings.features, settings.recipe)


def _words(table: CustomerTable) -> list[tuple[object, ...]]:
    """Return what columns and codes are called, which a result holds in its sentences."""
    return [(column.label, column.level_labels) for column in table.columns]
