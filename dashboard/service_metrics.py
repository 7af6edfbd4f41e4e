"""What is counted while the server runs, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RUNS = Counter("custseg_runs", "Runs that gave a result.")
RUN_SECONDS = Histogram(
    "custseg_run_seconds", "How long a run took, in seconds.", buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
)
REFUSALS = Counter("custseg_refusals", "Sentences that told a person what cannot be done.")
DOWNLOADS = Counter("custseg_downloads", "Files that were taken along.", ["file"])
SESSIONS = Gauge("custseg_sessions", "Sessions that the server holds.")
ERRORS = Counter("custseg_errors", "Lines that the log has as errors.")
