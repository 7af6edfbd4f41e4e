"""Every bad or odd file of the corpus is read as it must be, or refused in the sentence it must be refused in."""

from __future__ import annotations

import gzip
import re
import tempfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from custseg import CustomerTable, DataError, SettingError, segment
from custseg.tables.sources import text
from tests.corpus_formats import CORPUS, CSV

if TYPE_CHECKING:
    from pathlib import Path

    from tests.corpus import OddFile

READ = [odd for odd in CORPUS if not odd.refused]
REFUSED = [odd for odd in CORPUS if odd.refused]


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make temporary files of custseg in a folder of their own, in which others leave nothing."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("odd", READ, ids=lambda odd: odd.what)
def test_an_odd_file_is_read_as_its_writer_meant_it(odd: OddFile, tmp_path: Path, temporary: Path) -> None:
    table = CustomerTable.read(odd.write(tmp_path), sheet=odd.sheet)
    values = table.matrix(table.features)
    assert table.features == tuple(odd.features)
    assert len(table) == (max(map(len, odd.features.values())) if odd.rows is None else odd.rows)
    for position, expected in enumerate(odd.features.values()):
        np.testing.assert_array_equal(values[: len(expected), position], expected)
    for name, value in odd.last.items():
        np.testing.assert_array_equal(table.matrix([name])[-1], [value])
    assert {name: (table.column(name).role, table.column(name).reason) for name in odd.roles} == odd.roles
    assert odd.identifiers is None or list(table.identifiers) == odd.identifiers
    assert table.remarks == odd.remarks
    assert not any("nan" in note for note in table.notes)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("odd", REFUSED, ids=lambda odd: odd.what)
def test_a_bad_file_is_refused_in_a_sentence_that_says_why(odd: OddFile, tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(DataError) as refused:
        CustomerTable.read(odd.write(tmp_path), sheet=odd.sheet)
    sentence = str(refused.value)
    assert re.search(odd.refused, sentence)
    assert sentence[0].isupper() or sentence[0] == "“"
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(tmp_path) not in sentence
    assert list(temporary.iterdir()) == []


def test_the_corpus_has_a_hundred_files_and_each_its_own_name() -> None:
    assert len(CORPUS) >= 100
    assert len({odd.what for odd in CORPUS}) == len(CORPUS)


def test_fewer_customers_than_segments_are_refused_with_the_k_that_will_do(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(CSV, encoding="utf-8")
    with pytest.raises(SettingError, match=r"only 3 do\. Choose a k of 3 or less"):
        segment(path, k=4)


def test_a_gzip_archive_that_unpacks_to_too_much_is_refused_before_it_fills_the_disk(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "LARGEST_UNPACKED", 1024**3 // 256)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"id,v\n" + b"a,1\n" * 2_000_000))
    with pytest.raises(DataError, match=r"“bomb\.csv\.gz” unpacks to more than"):
        CustomerTable.read(path)
    assert list(temporary.iterdir()) == []
