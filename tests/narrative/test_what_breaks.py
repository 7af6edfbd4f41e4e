"""Which changes are said to break a segment: those that lose it alone and with others, and no chance finds."""

from __future__ import annotations

import numpy as np

from custseg.insight.other_settings import Deviation, OtherSetting
from custseg.narrative.what_breaks import find_breaks, say_breaks

COLUMNS = [Deviation("column", f"without f{number}", f"with f{number}", left_out=f"f{number}") for number in range(12)]
SCALES = [Deviation("scaling", words) for words in ("when scaled robustly", "when scaled by range")]
MORE = Deviation("k", "with 5 segments", k=5)
SETTINGS = [
    *(OtherSetting((one,)) for one in (*COLUMNS, *SCALES, MORE)),
    *(OtherSetting((column, other)) for column in COLUMNS for other in (*SCALES, MORE)),
]


def having(words: str) -> np.ndarray:
    return np.array([words in setting.words.split(", ") for setting in SETTINGS])


def test_a_column_without_which_a_segment_is_always_lost_is_what_it_needs() -> None:
    (found,) = find_breaks(SETTINGS, ~having("without f3"))
    assert found.words == "only with f3 (lost in all 4 settings without f3)"


def test_a_change_that_has_no_opposite_is_denied_and_one_that_mostly_breaks_is_counted() -> None:
    holds = ~having("when scaled by range") & ~having("with 5 segments")
    holds[np.flatnonzero(having("with 5 segments") & ~having("when scaled by range"))[-3:]] = True
    found = find_breaks(SETTINGS, holds)
    assert say_breaks(found, float(holds.mean())) == (
        "Not when scaled by range (lost in all 13 settings); mostly lost with 5 segments (found in 3 of 13 settings)."
    )


def test_what_is_lost_at_random_is_blamed_on_nothing() -> None:
    blamed = [
        find_breaks(SETTINGS, np.random.default_rng(seed).random(len(SETTINGS)) < share)
        for seed in range(100)
        for share in (0.3, 0.5, 0.8)
    ]
    assert sum(map(bool, blamed)) < 0.1 * len(blamed)
    assert say_breaks((), 0.8) == "No single change decides where it is lost."
    assert say_breaks((), 0.3) == "It hangs on these very settings: most others lose it."
    assert say_breaks((), 1.0) == ""


def test_a_change_that_alone_loses_nothing_breaks_nothing() -> None:
    holds = ~having("with 5 segments")
    holds[SETTINGS.index(OtherSetting((MORE,)))] = True
    assert find_breaks(SETTINGS, holds) == ()
