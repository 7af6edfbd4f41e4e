"""Sessions that were closed leave nothing, and many at once are answered; ``benchmarks`` tries both for long."""

from __future__ import annotations

from benchmarks import load, soak


def test_closed_sessions_do_not_pile_up() -> None:
    *_, left = soak.soak(8, every=8)
    assert left.alive["tables"] == 1
    assert left.alive["models"] == left.alive["views"] == 0


def test_people_who_press_again_and_again_get_their_results() -> None:
    # With the minute of tests/ui/test_monkey.py, the short form of what the benchmarks do for ten.
    found = load.measure(people=5, between=2, minutes=1)
    assert found.errors == []
    assert len(found.openings) == 5
    # Who presses more often than once waits for nobody for long, on a busy machine too.
    assert len(found.waits) + len(found.meanwhile) >= 20
    assert load.quantile(found.waits, 0.5) < 5
