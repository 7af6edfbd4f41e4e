"""How a reading process begins: it gives up what reading doesn't need, and only then imports what reads."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dashboard.confinement import confine


def main() -> None:
    """Confine this process, and answer requests: the arguments are the limits, its own folder, and where it writes."""
    limits, folder, writable = json.loads(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    confine(limits["megabytes"], limits["disk_megabytes"], writable)
    from dashboard.reading_worker import answer_requests

    answer_requests(limits, folder)


if __name__ == "__main__":
    main()
