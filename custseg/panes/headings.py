"""The heading of each part, on the page, in a notebook and in a saved file alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENGLISH = MappingProxyType(
    {
        "scatter": mark("Customers in the picture"),
        "words": mark("What each segment is"),
        "opening": mark("What this table holds"),
        "actions": mark("What to do next"),
        "summary": mark("Segments in numbers"),
        "segment_charts": mark("The segments side by side"),
        "segment_in_depth": mark("One segment in depth"),
        "customers": mark("Customers"),
        "customer_detail": mark("One customer"),
        "typing_questions": mark("Which segment would a new customer join?"),
        "segment_rules": mark("What sets each segment apart: a rule for each, and how often it is right"),
        "run_history": mark("Runs in this session: return to one or compare two"),
        "compared_runs": mark("Runs in this session, and what changed between two of them"),
        "migration": mark("Over time: the same customers in a later table"),
        "ledger": mark("Over many periods: the segments in the ledger"),
        "certainty": mark("How sure you can be of each segment and customer"),
        "other_settings": mark("Other settings: whether the segments hold under them"),
        "worth": mark("Is it worth acting on?"),
        "influence": mark("What set the segments apart"),
        "how_many_advice": mark("How many segments: what these customers suggest"),
        "second_opinion": mark("A second opinion: whether groups of another shape fit these customers better"),
        "columns": mark("Columns of the table: what each is used for, and what to watch for"),
        "preparation_steps": mark("How customers are made comparable: missing values, outliers, scale"),
        "about": mark("About this data"),
        "new_customer": mark("Which segment a new customer would join"),
        "level_shares": mark("Categories and outcomes by segment"),
        "left_out": mark("What is in this file, and what was left out"),
        "reproduce": mark("How to make and check this report"),
        "project": mark("Go on with a saved project"),
    }
)


class _Headings(Mapping[str, str]):
    """The headings in the language that is spoken when one is looked up."""

    def __getitem__(self, name: str) -> str:
        return say(_ENGLISH[name])

    def __iter__(self) -> Iterator[str]:
        return iter(_ENGLISH)

    def __len__(self) -> int:
        return len(_ENGLISH)


HEADINGS: Mapping[str, str] = _Headings()
