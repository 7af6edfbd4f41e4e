"""CSV text that a spreadsheet opens without computing anything in it, and that says what the result says."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pandas as pd
import pytest

from custseg import (
    CustomerTable,
    Recipe,
    Segmentation,
    SegmentationModel,
    certainty,
    find_rules,
    interpret,
    profile,
    segment,
)
from custseg.export.bundle import ResultBundle
from custseg.export.csv import write_customers, write_segments

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg import Certainty, Interpretation, Profile

DANGEROUS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"),
    *("\n=1+1", "\x0b+1", "\x0c-1", "  @SUM(A1)", "\xa0=1+1", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", " \uff20SUM(A1)"),
]
HARMLESS = ["a=b", "Ann", " Ann", "\nAnn", "1-2", "(=1)", "'=1"]


def written(write: Callable[[ResultBundle, BinaryIO], None], bundle: ResultBundle) -> str:
    stream = BytesIO()
    write(bundle, stream)
    return stream.getvalue().decode("utf-8-sig")


def customers_csv(result: Segmentation, words: Interpretation | None = None) -> str:
    return written(write_customers, ResultBundle(profile(result), words))


def summary_csv(segment_profile: Profile, words: Interpretation, segment_certainty: Certainty | None = None) -> str:
    return written(write_segments, ResultBundle(segment_profile, words, segment_certainty))


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


def test_every_customer_is_written_as_it_came_with_its_segment_last(frame: pd.DataFrame, result: Segmentation) -> None:
    back = pd.read_csv(StringIO(customers_csv(result)))
    assert list(back.columns[-3:]) == ["segment", "distance", "margin"]
    pd.testing.assert_frame_equal(back.iloc[:, :-2], frame.assign(segment=result.labels))


def test_names_and_notes_of_a_person_s_own_are_written_and_computed_by_no_spreadsheet(frame: pd.DataFrame) -> None:
    model = SegmentationModel(frame, k=3, seed=1, recipe=Recipe(exceptional=6))
    result = model.run_clustering()
    model.rename(1, "=SUM(A1)")
    model.annotate(2, "+call")
    assert model.words is not None
    assert model.profile is not None
    names = pd.read_csv(StringIO(customers_csv(result, model.words)))["segment_name"]
    expected = pd.Series(np.array([np.nan, "'=SUM(A1)", *model.words.names[1:]], dtype=object)[result.labels])
    pd.testing.assert_series_equal(names, expected, check_names=False, check_dtype=False)
    summary = pd.read_csv(StringIO(summary_csv(model.profile, model.words)))
    assert list(summary["name"]) == ["'=SUM(A1)", *model.words.names[1:]]
    assert summary["note"].fillna("").tolist() == ["", "'+call", ""]


def test_how_sure_each_segment_is_stands_beside_its_name(result: Segmentation) -> None:
    segment_profile, segment_certainty = profile(result), certainty(result)
    back = pd.read_csv(StringIO(summary_csv(segment_profile, interpret(segment_profile), segment_certainty)))
    assert list(back["how sure"]) == list(segment_certainty.stability)
    np.testing.assert_allclose(back["jaccard"], segment_certainty.jaccard)
    assert "jaccard" not in summary_csv(segment_profile, interpret(segment_profile))


def test_the_rule_of_each_segment_stands_beside_how_often_it_is_right(result: Segmentation) -> None:
    found, stream = find_rules(result), BytesIO()
    write_segments(ResultBundle(profile(result), rules=found), stream)
    back = pd.read_csv(BytesIO(stream.getvalue()))
    assert back["rule"].fillna("").tolist() == [rule.condition for rule in found.rules]
    assert back["rule met"].tolist() == [rule.met for rule in found.rules]
    np.testing.assert_allclose(back["rule right at least"], found.frame["least precision"], equal_nan=True)


def test_texts_that_a_spreadsheet_would_compute_get_an_apostrophe() -> None:
    texts = [*DANGEROUS, *HARMLESS]
    customers = pd.DataFrame({"name": texts, "v": range(len(texts))})
    header, *rows = rows_of(customers_csv(segment(customers, k=2, seed=0)))
    assert header == ["name", "v", "segment", "distance", "margin"]
    assert [row[0] for row in rows] == [*(f"'{text}" for text in DANGEROUS), *HARMLESS]


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_header_that_a_spreadsheet_would_compute_gets_an_apostrophe_in_both_files(name: str) -> None:
    result = segment(pd.DataFrame({name: [1.0, 2.0, 9.0]}), k=2, seed=0)
    segment_profile = profile(result)
    assert rows_of(customers_csv(result))[0][:2] == [f"'{name}", "segment"]
    label = result.schema.label(name)
    assert label in (name, name.strip())
    heading = rows_of(summary_csv(segment_profile, interpret(segment_profile)))[0][-1]
    assert heading == (label if label == "x" else f"'{label}")


def test_numbers_are_written_as_numbers_whatever_their_sign() -> None:
    values = [-5.5, 1e-7, 0.1 + 0.2, 12345678.9]
    header, *rows = rows_of(customers_csv(segment(pd.DataFrame({"v": values}), k=2, seed=0)))
    assert header[0] == "v"
    assert [float(row[0]) for row in rows] == values
    assert not [cell for row in rows for cell in row if cell.startswith("'")]


def test_categories_dates_and_missing_texts_are_written_too() -> None:
    customers = pd.DataFrame(
        {
            "kind": pd.Categorical(["=a", "b", "=a"]),
            "when": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-02"]),
            "note": ["-x", None, "y"],
            "new": [True, False, True],
            "v": [1.0, 2.0, 9.0],
        }
    )
    rows = rows_of(customers_csv(segment(customers, k=2, seed=0)))[1:]
    assert [row[:4] for row in rows] == [
        ["'=a", "2024-01-01", "'-x", "True"],
        ["b", "2024-01-02", "", "False"],
        ["'=a", "2024-01-02", "y", "True"],
    ]


def test_quotation_marks_commas_and_line_ends_survive() -> None:
    names = ['say "hi", Ann', "two\nlines", "Ann\r=1+1", "Grüße, 東京"]
    result = segment(pd.DataFrame({"name": names, "v": [1, 2, 7, 9]}), k=2, seed=0)
    assert [row[0] for row in rows_of(customers_csv(result))[1:]] == names


def test_the_summary_has_one_row_a_segment_with_its_name_and_numbers(result: Segmentation) -> None:
    segment_profile = profile(result)
    words = interpret(segment_profile)
    back = pd.read_csv(StringIO(summary_csv(segment_profile, words)))
    assert list(back.columns[:5]) == ["segment", "name", "customers", "share of customers", "share of spend"]
    assert list(back["segment"]) == [1, 2, 3, 4]
    assert list(back["name"]) == list(words.names)
    assert list(back["customers"]) == list(result.sizes)
    np.testing.assert_allclose(back[[*map(result.schema.label, result.features)]], segment_profile.means)


def test_a_feature_called_like_a_column_of_the_summary_stands_beside_it() -> None:
    customers = CustomerTable.read(pd.DataFrame({"name": [1.0, 2.0, 9.0], "customers": [5.0, 6.0, 7.0]}))
    segment_profile = profile(segment(customers, k=2, seed=0))
    header = rows_of(summary_csv(segment_profile, interpret(segment_profile)))[0]
    assert header == ["segment", "name", "customers", "share of customers", "name", "customers"]
