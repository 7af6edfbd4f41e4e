"""Have numbers computed in one thread, in the tests and in the servers that they start.

There is a worker for each core already. Threads of OpenMP wait for each other by spinning: where another process has
their core, the same test takes ten times as long.
"""

from __future__ import annotations

import os

# Read once, when NumPy and scikit-learn are first imported, which tests/conftest.py does.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# The pages of the documentation run as tests too.
pytest_plugins = ["tests.examples"]
