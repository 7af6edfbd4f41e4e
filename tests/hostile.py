"""A table and a playbook, of which every name and text would run a script, ask a host, or stand for another."""

from __future__ import annotations

from csv import QUOTE_NONNUMERIC
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from custseg.narrative.playbook import Condition, Playbook, Product, Suggestion

if TYPE_CHECKING:
    from pathlib import Path

# What a script that ran would leave behind; a page that was not attacked has no such thing.
FLAG = "window.custsegWasHere"
_SCRIPT = f"{FLAG}=1"
_ELSEWHERE = "https://example.com/pixel"

FORMULAS = (
    *(f'=HYPERLINK("{_ELSEWHERE}")', "+1+1", "-1", "@SUM(A1)", "\n=1+1", "\uff1d1+1"),
    *("\t=2+2", "\r=3+3", "\x0b=4+4", " =5+5", "\uff0b6+6", "\uff0d7", "\uff20SUM(A8)"),
)
# What stands in a page where one of these became a part of it.
MARKED = "data-custseg-was-here"
MARKS = (f"<b {MARKED}>bold</b>", f"</style><style>*{{--{MARKED}:1}}</style>", f"</title></textarea><i {MARKED}>")
MARKUP = (f'<img src=x onerror="{_SCRIPT}">', f"</script><script>{_SCRIPT}</script>", f'" onmouseover="{_SCRIPT}')
MATHEMATICS = (
    rf"$$\href{{javascript:{_SCRIPT}}}{{press}}$$",
    rf"\(\href{{javascript:{_SCRIPT}}}{{press}}\)",
    rf"\[\style{{mask:url({_ELSEWHERE})}}{{x}}\]",
    rf"$\href{{javascript:{_SCRIPT}}}{{press}}$",
    rf"\begin{{align}}\href{{javascript:{_SCRIPT}}}{{press}}\end{{align}}",
)
LINKS = (
    f"[press](javascript:{_SCRIPT})",
    f"![x]({_ELSEWHERE})",
    f"<{_ELSEWHERE}>",
    f"javascript:{_SCRIPT}",
    f"data:text/html,<script>{_SCRIPT}</script>",
)
# After these, what follows is read from the right, or looks as if something else stood there.
TURNING = ("\u202eright to left", "\u2067isolated", "\u200fmarked", "\u202dover\u202c and out")
ODD = ("two\nlines", "'single' and \"double\"", "a<b & `c` **d**")
HOSTILE = (*MARKUP, *MATHEMATICS, *LINKS, *FORMULAS, *TURNING, *ODD, *MARKS)
# A file may be called like this: there is no slash in it.
HOSTILE_FILE = rf"$$\href{{javascript:{_SCRIPT}}}{{press}}$$<img src=x onerror={_SCRIPT}>"


def hostile_playbook() -> Playbook:
    """Return a playbook whose words and suggestions are hostile."""
    word, suggestion = MATHEMATICS[0], f"{MARKUP[0]} {LINKS[0]} {{product}}"
    # For some of the segments: what would be suggested for all is left out.
    condition = Condition(says="mean", at_least=1.2)
    return Playbook(
        title=MARKUP[0],
        products=(Product(columns=tuple(HOSTILE[3:6]), word=word, buyers=MARKUP[0]),),
        suggestions=(Suggestion(area="marketing", when=(condition,), suggest=suggestion),),
    )


def hostile_table(rows: int = 60) -> pd.DataFrame:
    """Return customers whose columns, identifiers and categories are all hostile, in three groups."""
    generator = np.random.default_rng(0)
    groups = np.arange(rows) % 3
    columns: dict[str, object] = {f"id {HOSTILE[0]}": [f"{HOSTILE[row % len(HOSTILE)]} {row}" for row in range(rows)]}
    for position, name in enumerate(HOSTILE):
        columns[name] = generator.lognormal(4 + groups * (position % 3 + 1) / 2, 0.3).round(2)
    columns[f"kind {MATHEMATICS[0]}"] = [(*HOSTILE[:2], TURNING[0])[group] for group in groups]
    return pd.DataFrame(columns)


def write_hostile_csv(path: Path) -> None:
    """Write them to a CSV file, names in quotation marks: else a carriage return in one would begin another line."""
    hostile_table().to_csv(path, index=False, quoting=QUOTE_NONNUMERIC)
