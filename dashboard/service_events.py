"""What happens in a session, told to the log and counted; nothing of what it tells stands in a table."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import panel as pn

from dashboard.service_metrics import DOWNLOADS, REFUSALS, RUN_SECONDS, RUNS
from dashboard.session_mark import session_mark

if TYPE_CHECKING:
    import param

    from custseg import SegmentationModel

EVENTS = "custseg.events"
_log = logging.getLogger(EVENTS)


def observe(model: SegmentationModel) -> None:
    """Tell of the runs, refusals and downloads of a session."""
    told = _Teller()
    model.param.watch(told.run, ["outcome"])
    model.param.watch(told.refusal, ["error"])
    model.downloads.param.watch(told.download, ["last"])


def tell(event: str, **facts: object) -> None:
    """Write one line: what happened, in which session, who is signed in, and facts of ours."""
    who = {"session": session_mark(), "user": pn.state.user or ""} if pn.state.curdoc else {}
    said = {"event": event, **who, **facts}
    _log.info(" ".join(f"{name}={fact}" for name, fact in said.items() if fact != ""), extra=said)


class _Teller:
    """Tells of what changes in a model."""

    def run(self, event: param.parameterized.Event) -> None:
        outcome = event.new
        # Another name or note makes another outcome of the same run.
        if outcome is None or (event.old is not None and outcome.number == event.old.number):
            return
        RUNS.inc()
        RUN_SECONDS.observe(outcome.seconds)
        result = outcome.segmentation
        tell("run", segments=result.k, customers=len(result.table), seconds=round(outcome.seconds, 3))

    def refusal(self, event: param.parameterized.Event) -> None:
        if event.new:
            REFUSALS.inc()
            # The sentence may name columns and cells.
            tell("refusal")

    def download(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            DOWNLOADS.labels(event.new.file).inc()
            tell("download", file=event.new.file, customers=event.new.customers)
