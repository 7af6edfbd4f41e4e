"""A ledger over planted periods: who moved, which segments are which, and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg import DataError, Ledger, Recipe, SegmentationModel, SettingError, segment
from custseg.language import spoken
from custseg.ledger.history import LedgerHistory
from tests.ledger.planted import customers, many

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.ledger.history import Period


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.duckdb")


def found(groups: dict[str, str], k: int, seed: int = 0) -> Any:
    return segment(customers(groups, seed), k=k, seed=0)


def segment_of(period: Period, groups: dict[str, str], group: str) -> int:
    """Return the lasting number of the segment of a planted group, by its size."""
    size = list(groups.values()).count(group)
    (number,) = [segment for segment, customers in period.sizes.items() if customers == size]
    return number


def test_who_moved_came_and_left_is_what_pandas_finds(ledger: Ledger) -> None:
    was = many(A=60, B=50, C=40)
    now = {name: group for name, group in was.items() if name not in ("A0", "B0", "B1")}
    now |= {"A1": "C", "A2": "B", "N0": "A", "N1": "C"}
    first = ledger.add("2026-10", customers(was), k=3, seed=0)
    second = ledger.add("2026-11", customers(now, 1), segments="kept")
    assert first.sizes == {1: 60, 2: 50, 3: 40}
    number = {"A": 1, "B": 2, "C": 3}
    both = pd.DataFrame({"before": pd.Series(was).map(number), "now": pd.Series(now).map(number)}).astype("Int64")
    changed = both[(both["before"] != both["now"]) | both.isna().any(axis=1)].sort_index()
    moves = ledger.moves().set_index("customer")
    assert moves.index.tolist() == changed.index.tolist()
    pd.testing.assert_frame_equal(moves, changed, check_names=False)
    assert (second.moved, second.came, second.left, second.customers) == (2, 2, 3, len(now))
    assert second.sizes == dict(both["now"].value_counts().sort_index())
    assert second.sentence == (
        "2026-11: 149 customers, 2 of them in another segment than before; 2 came, 3 left. The segments are as before."
    )
    assert ledger.moves("2026-10")["before"].isna().all()
    # Who is back after a period is one who came.
    third = ledger.add("2026-12", customers(now | {"A0": "A"}, 2), segments="kept")
    assert (third.moved, third.came, third.left) == (0, 1, 0)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.permutations([30, 45, 60, 80]), min_size=2, max_size=3), st.integers(0, 99))
def test_a_segment_keeps_its_number_whatever_the_sizes_make_of_its_place(
    tmp_path: Path, periods: list[list[int]], seed: int
) -> None:
    path = tmp_path / "ledger.duckdb"
    path.unlink(missing_ok=True)
    ledger = Ledger.open(path)
    known: dict[str, int] = {}
    for number, sizes in enumerate(periods):
        groups = many(**dict(zip("ABCD", sizes, strict=True)))
        period = ledger.add(str(number), found(groups, 4, seed + number))
        numbers = {group: segment_of(period, groups, group) for group in "ABCD"}
        assert known in ({}, numbers)
        assert period.changes == ()
        assert period.moved == 0
        known = numbers


def test_a_new_group_and_one_that_nobody_is_in_any_more_are_told(ledger: Ledger) -> None:
    start = many(A=60, B=50, C=40)
    ledger.add("1", found(start, 3))
    # Customers who were not there.
    grown = start | many(E=30)
    birth = ledger.add("2", found(grown, 4))
    assert [(one.kind, one.before, one.after) for one in birth.changes] == [("birth", (), (4,))]
    assert birth.sizes == {1: 60, 2: 50, 3: 40, 4: 30}
    assert "is new. Of its 30 customers, 30 were not there before." in ledger.history().sentences[1]
    # B's customers become as A's are.
    moved = {name: "A" if group == "B" else group for name, group in grown.items()}
    end = ledger.add("3", found(moved, 3))
    assert [(one.kind, one.before, one.after) for one in end.changes] == [("end", (2,), ())]
    assert (end.sizes, end.moved) == ({1: 110, 3: 40, 4: 30}, 50)
    assert "is gone. Of its 50 customers, 50 went to 1 " in ledger.history().sentences[1]
    # They become something else: who comes from one segment does not split it.
    away = {name: "D" if name.startswith("B") else group for name, group in moved.items()}
    again = ledger.add("4", found(away, 4))
    assert [(one.kind, one.after) for one in again.changes] == [("birth", (5,))]
    assert (again.sizes, again.moved) == ({1: 60, 3: 40, 4: 30, 5: 50}, 50)


def test_a_merge_and_a_split_are_told_and_who_is_elsewhere_only_for_borders(ledger: Ledger) -> None:
    groups = many(A=60, B=50, E=40)
    ledger.add("1", found(groups, 3))
    merge = ledger.add("2", found(groups, 2))
    assert [(one.kind, one.before, one.after) for one in merge.changes] == [("merge", (1, 2), (1,))]
    assert (merge.moved, merge.redrawn) == (50, 50)
    assert "only since borders were redrawn" in merge.sentence
    split = ledger.add("3", found(groups, 3))
    assert [(one.kind, one.before, set(one.after)) for one in split.changes] == [("split", (1,), {1, 4})]
    assert split.sizes == {1: 60, 3: 40, 4: 50}
    assert "has split into" in ledger.history().sentences[1]


def test_the_same_period_twice_is_refused_and_the_last_one_replaced_where_that_is_said(ledger: Ledger) -> None:
    groups = many(A=60, B=50, C=40)
    ledger.add("1", customers(groups), k=3, seed=0)
    moved = groups | {"A1": "B"}
    ledger.add("2", customers(moved, 1), segments="kept")
    before = ledger.history()
    assert before.last is not None
    with pytest.raises(SettingError, match="is in this ledger already, so nothing was changed"):
        ledger.add("2", customers(groups, 1))
    with pytest.raises(SettingError, match="It is not the last one"):
        ledger.add("1", customers(groups, 1), replace=True)
    assert ledger.history() == before
    again = ledger.add("2", customers(moved, 1), segments="kept", replace=True)
    assert (again.sizes, again.flows, again.alarms) == (before.last.sizes, before.last.flows, before.last.alarms)
    # One that was found anew too: it starts from what was there before it.
    ledger.add("3", customers(groups, 2), segments="anew")
    replaced = ledger.add("3", customers(groups | {"C1": "A"}, 2), segments="kept", replace=True)
    assert (replaced.moved, len(ledger.history().periods)) == (2, 3)


@pytest.mark.parametrize("name", ["", "   ", "a" * 61, "two\nlines", 7, None])
def test_a_period_needs_a_name_on_one_line(ledger: Ledger, name: Any) -> None:
    with pytest.raises(SettingError, match="A period is called by"):
        ledger.add(name, customers(many(A=30, B=30)), k=2)
    assert not ledger.file.path.exists()


def test_a_table_that_cannot_be_followed_changes_nothing(ledger: Ledger) -> None:
    groups = many(A=60, B=50, C=40)
    with pytest.raises(DataError, match="follows customers by their identifier"):
        ledger.add("1", customers(groups).drop(columns="customer_id"), k=3)
    with pytest.raises(SettingError, match="groups of a mixture"):
        ledger.add("1", customers(groups), k=3, recipe=Recipe(method="mixture"))
    assert not ledger.file.path.exists() or ledger.history().periods == ()
    ledger.add("1", customers(groups), k=3)
    before = ledger.history()
    strangers = {f"X{name}": group for name, group in groups.items()}
    for table in (customers(groups).drop(columns="visits"), customers(strangers), customers({**groups}).iloc[:0]):
        with pytest.raises(DataError):
            ledger.add("2", table)
    with pytest.raises(SettingError, match="“auto”, “kept” or “anew”"):
        ledger.add("2", customers(groups), segments="some")  # type: ignore[arg-type]
    assert ledger.history() == before


def test_names_and_notes_go_with_the_segment_and_have_a_history(ledger: Ledger) -> None:
    groups = many(A=60, B=50, C=40)
    model = SegmentationModel(customers(groups), k=3, seed=0)
    model.run_clustering()
    model.rename(2, "Regulars")
    ledger.add("1", model)
    assert ledger.history().names[2] == "Regulars"
    ledger.note(2, "They come each week.")
    # B is the largest now, so it is segment 1 of the result.
    ledger.add("2", found(groups | {f"B{number}": "B" for number in range(50, 90)}, 3))
    ledger.name(2, "Faithful")
    told = ledger.history()
    assert (told.names[2], told.notes[2]) == ("Faithful", "They come each week.")
    assert [(one.name, one.note, one.period) for one in told.words] == [
        ("Regulars", "", "1"),
        ("Regulars", "They come each week.", "1"),
        ("Faithful", "They come each week.", "2"),
    ]
    assert told.called(2) == "2 Faithful"
    with pytest.raises(SettingError, match="There is no segment “9”"):
        ledger.name(9, "Nobody")
    with pytest.raises(SettingError, match="Another segment is called"):
        ledger.name(1, "faithful")


def test_where_nothing_but_chance_changes_there_is_no_alarm_and_the_segments_stay(ledger: Ledger) -> None:
    groups = many(A=120, B=100, C=80)
    ledger.add("0", customers(groups), k=3, seed=0)
    generator = np.random.default_rng(0)
    for number in range(1, 6):
        some = {name: group for name, group in groups.items() if generator.random() < 0.9}
        period = ledger.add(str(number), customers(some, number))
        assert period.alarms == ()
        assert not period.found_anew


def test_a_segment_that_shrinks_or_drifts_is_told_once_as_new(ledger: Ledger) -> None:
    groups = many(A=120, B=100, C=80)
    ledger.add("1", customers(groups), k=3, seed=0)
    fewer = {name: group for name, group in groups.items() if group != "B" or int(name[1:]) < 40}
    table = customers(fewer, 1)
    table.loc[table["customer_id"].str.startswith("C"), "visits"] += 8
    period = ledger.add("2", table, segments="kept")
    kinds = {(raised.alarm.kind, raised.alarm.subject) for raised in period.alarms}
    assert {("shrunk", "2"), ("drifted", "3")} <= kinds
    assert ("drifted", "1") not in kinds
    assert all(raised.new for raised in period.alarms)
    told = "\n".join(ledger.history().sentences)
    assert f"New: {ledger.history().called(2)} has shrunk from 33% of the customers (100) to 17% (40)." in told
    assert "has drifted: visits, usually 99.7 before, is now usually 108" in told
    assert "Compared with 1, in which the segments were found; each kind of alarm is a test at a level of 1%." in told
    again = ledger.add("3", table, segments="kept")
    assert again.new_alarms == ()
    assert {(raised.alarm.kind, raised.alarm.subject) for raised in again.alarms} == kinds


def test_an_alarm_is_said_in_the_language_of_who_reads_it(ledger: Ledger) -> None:
    groups = many(A=120, B=100, C=80)
    with spoken("fr"):
        ledger.add("1", customers(groups), k=3, seed=0)
        fewer = {name: group for name, group in groups.items() if group != "B" or int(name[1:]) < 40}
        table = customers(fewer, 1)
        table.loc[table["customer_id"].str.startswith("C"), "visits"] += 8
        ledger.add("2", table, segments="kept")
    said: dict[str, list[str]] = {}
    for code in ("en", "de", "fr"):
        with spoken(code):
            history = ledger.history()
            assert history.last is not None
            said[code] = [history.alarm(raised.alarm) for raised in history.last.alarms]
    assert any("has shrunk from 33% of the customers (100) to 17% (40)." in sentence for sentence in said["en"])
    assert any("von 33\u00a0% der Kunden (100) auf 17\u00a0% (40)" in sentence for sentence in said["de"])
    assert any("has drifted: visits, usually 99.7 before" in sentence for sentence in said["en"])
    assert any("visits, früher üblicherweise 99,7" in sentence for sentence in said["de"])
    assert all(len({said[code][place] for code in said}) == 3 for place in range(len(said["en"])))


def test_segments_are_found_anew_where_they_no_longer_fit(ledger: Ledger) -> None:
    groups = many(A=80, B=70, C=60)
    ledger.add("1", customers(groups), k=3, seed=0)
    elsewhere = {name: {"A": "D", "B": "E", "C": "C"}[group] for name, group in groups.items()}
    period = ledger.add("2", customers(elsewhere, 1))
    assert period.found_anew
    assert period.alarms
    # From then on they are measured by those found anew.
    assert ledger.add("3", customers(elsewhere, 2)).alarms == ()


def test_it_is_told_in_a_notebook(ledger: Ledger) -> None:
    ledger.add("<b>1</b>", customers(many(A=60, B=50, C=40)), k=3, seed=0)
    history = ledger.history()
    assert "<b>1" not in history._repr_html_()
    assert "150 customers in 3 segments" in history._repr_markdown_()
    assert history.sizes.sum().sum() == 150
    assert LedgerHistory((), ()).sentences == ("There is no period in this ledger yet.",)
