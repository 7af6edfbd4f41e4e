"""Tests of the wing of this name."""
