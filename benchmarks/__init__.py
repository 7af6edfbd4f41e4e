"""How fast custseg is, against a peer in the same run: ``python -m benchmarks``."""
