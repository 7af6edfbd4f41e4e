"""Whole views, each with an address of its own, made of parts. None yet."""
