"""Shares of a segment beside those of everyone, as tables with bars: its categories, and what became of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark, say, say_many
from custseg.wording import capitalised, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.insight.associations import Association
    from custseg.insight.outcomes import Outcome

    Row = tuple[str, float, float, str]

# So many columns, the most telling first, and so many levels of each, the most frequent first, are enough to read.
MOST_COLUMNS, MOST_LEVELS = 4, 5
_MAY_BE_CHANCE = mark("the differences may be chance")


def categories_html(associations: Sequence[Association], segment: int) -> str:
    """Return the levels of the categories that go with the segments most, in a segment (from 1) and among everyone."""
    ordered = sorted(associations, key=lambda each: (not each.dependent, -each.cramers_v))
    parts = [_category(each, segment) for each in ordered[:MOST_COLUMNS]]
    left, heading = len(ordered) - len(parts), say("Categories, beside everyone")
    if left:
        more = say_many(
            "{quantity} other category is not shown: they go with the segments no more than these do.",
            "{quantity} other categories are not shown: they go with the segments no more than these do.",
            left,
        )
        parts.append(f'<p class="note">{more}</p>')
    return f"<h3>{heading}</h3>{''.join(parts)}" if parts else ""


def _category(association: Association, segment: int) -> str:
    here, everyone = association.shares[segment - 1].tolist(), association.overall.tolist()
    shown = list(zip(association.levels, here, everyone, strict=True))[:MOST_LEVELS]
    left = len(association.levels) - len(shown)
    remarks = [] if association.dependent else [say(_MAY_BE_CHANCE)]
    remarks += (
        [say("the {MOST_LEVELS} most frequent of {levels}", MOST_LEVELS=MOST_LEVELS, levels=len(association.levels))]
        if left
        else []
    )
    title = capitalised(association.label or association.column)
    title += f" ({', '.join(remarks)})" if remarks else ""
    return bars_html(title, [(level, share, overall, "") for level, share, overall in shown])


def outcomes_html(outcomes: Sequence[Outcome], segment: int) -> str:
    """Return what became of the customers of a segment (from 1), and of everyone, with the interval of each share."""
    rows: list[Row] = []
    for outcome in outcomes:
        share, (low, high) = float(outcome.shares[segment - 1]), outcome.intervals[segment - 1].tolist()
        if np.isnan(share):
            continue
        remark = say("95% interval {low} to {high}", low=percent(low), high=percent(high))
        remark += "" if outcome.differs[segment - 1] else say("; not clearly different")
        rows.append((capitalised(outcome.words), share, outcome.overall, remark))
    heading = say("What became of them, beside everyone")
    return f"<h3>{heading}</h3>{bars_html('', rows)}" if rows else ""


def bars_html(title: str, rows: Sequence[Row]) -> str:
    """Write rows of a label, a share here, that of everyone and a remark; the bar is here, the mark on it everyone."""
    body = "".join(
        f'<tr><th scope="row">{html.escape(label)}{f"<small>{html.escape(remark)}</small>" if remark else ""}</th>'
        f'<td class="bar" aria-hidden="true"><i style="--here:{100 * here:.1f}%;--all:{100 * everyone:.1f}%"></i></td>'
        f"<td>{percent(here)}</td><td>{percent(everyone)}</td></tr>"
        for label, here, everyone, remark in rows
    )
    return (
        f'<table class="bars"><thead><tr><th scope="col">{html.escape(title)}</th><td></td><th scope="col">'
        f'{say("Here")}</th><th scope="col">{say("Everyone")}</th></tr></thead><tbody>{body}</tbody></table>'
    )
