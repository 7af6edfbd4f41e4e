"""What has changed since, and the alarms of a ledger, are said in the language that is spoken."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, migrate, segment
from custseg.change.moves_in_short import moves_over_time
from custseg.language import spoken
from custseg.ledger.alarms import find_alarms

GENERATOR = np.random.default_rng(3)
EARLIER = pd.DataFrame(
    {
        "id": np.arange(600),
        "spend": np.concatenate([GENERATOR.normal(100, 10, 300), GENERATOR.normal(900, 30, 300)]),
        "visits": np.concatenate([GENERATOR.normal(5, 1, 300), GENERATOR.normal(40, 3, 300)]),
    }
)
LATER = EARLIER.iloc[40:].assign(
    spend=np.where(EARLIER["id"].iloc[40:] % 3 == 0, 110.0, EARLIER["spend"].iloc[40:] * 1.5),
    visits=EARLIER["visits"].iloc[40:].to_numpy()[::-1],
)


def said_in(code: str) -> list[str]:
    with spoken(code):
        found = migrate(segment(CustomerTable.read(EARLIER), k=2, seed=0), LATER)
        alarms = find_alarms(found, (1, 2))
        texts = [found.sentence, *found.warnings, found.refit_sentence, moves_over_time(found, ["A", "B"])]
        return [*texts, *(alarm.sentence for alarm in alarms), *(alarm.test for alarm in alarms)]


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_sentence_is_left_in_english(code: str) -> None:
    english, other = said_in("en"), said_in(code)
    assert len(english) == len(other) > 8
    assert set(english) & set(other) == set()


def test_an_alarm_names_its_segment_only_when_it_is_read() -> None:
    assert any("{segment} ist von" in text or "{segment} hat sich verschoben" in text for text in said_in("de"))
