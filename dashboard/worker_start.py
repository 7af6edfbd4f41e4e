"""How a process of the server's own begins: it gives up what it doesn't need, and only then imports what works."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from dashboard.confinement import confine


def main() -> None:
    """Confine this process and answer requests: what works, its limits, its own folder, and where it may write."""
    worker, limits = sys.argv[1], json.loads(sys.argv[2])
    folder, writable = Path(sys.argv[3]), Path(sys.argv[4])
    confine(limits["megabytes"], limits["disk_megabytes"], writable)
    import_module(f"dashboard.{worker}").answer_requests(limits, folder)


if __name__ == "__main__":
    main()
