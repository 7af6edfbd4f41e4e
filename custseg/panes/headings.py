"""The heading of each part, on the page, in a notebook and in a saved file alike."""

from __future__ import annotations

from types import MappingProxyType

HEADINGS = MappingProxyType(
    {
        "scatter": "Customers in the picture",
        "words": "What each segment is",
        "opening": "What this table holds",
        "actions": "What to do next",
        "summary": "Segments in numbers",
        "segment_charts": "The segments side by side",
        "segment_in_depth": "One segment in depth",
        "customers": "Customers",
        "customer_detail": "One customer",
        "typing_questions": "Which segment would a new customer join?",
        "segment_rules": "What sets each segment apart: a rule for each, and how often it is right",
        "run_history": "Runs in this session: return to one or compare two",
        "compared_runs": "Runs in this session, and what changed between two of them",
        "migration": "Over time: the same customers in a later table",
        "ledger": "Over many periods: the segments in the ledger",
        "certainty": "How sure you can be of each segment and customer",
        "other_settings": "Other settings: whether the segments hold under them",
        "worth": "Is it worth acting on?",
        "influence": "What set the segments apart",
        "how_many_advice": "How many segments: what these customers suggest",
        "second_opinion": "A second opinion: whether groups of another shape fit these customers better",
        "columns": "Columns of the table: what each is used for, and what to watch for",
        "preparation_steps": "How customers are made comparable: missing values, outliers, scale",
        "about": "About this data",
        "new_customer": "Which segment a new customer would join",
        "left_out": "What is in this file, and what was left out",
        "reproduce": "How to make and check this report",
        "project": "Go on with a saved project",
    }
)
