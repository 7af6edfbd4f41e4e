"""Whole views, each with an address of its own, made of parts when they are first looked at."""
