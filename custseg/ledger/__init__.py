"""Periods in, one after another: a ledger file that knows each segment again, who moved, and what to look at."""
