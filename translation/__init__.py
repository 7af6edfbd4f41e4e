"""Bring the catalogues of interface text up to date: ``python -m translation``."""
