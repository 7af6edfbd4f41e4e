"""Customers in an engine: a lazy frame comes in, answers to what the seam asks go out, and rows stay where they are.

``engine_frame`` is the one place where anything runs, ``failures`` says what went wrong. ``value_expressions`` has
the number that a column gives, ``conditions`` whom a question is about, and ``engine_customers`` puts them together.
"""
