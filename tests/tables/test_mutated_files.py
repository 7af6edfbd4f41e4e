"""Files that are broken in ways a seed chooses: a table, or a sentence, and never anything else."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from custseg import CustomerTable, DataError
from tests.mutated_files import ORIGINALS, mutations

if TYPE_CHECKING:
    from pathlib import Path

# Those that end a process are read by another one: ``python -m benchmarks mutated`` tries all kinds.
_SAFE_HERE = ("csv", "parquet", "jsonl", "csv.gz", "zip")


@pytest.mark.parametrize("kind", ORIGINALS)
def test_what_is_whole_is_a_table(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"whole.{kind}"
    path.write_bytes(ORIGINALS[kind]())
    if kind == "zip":
        with pytest.raises(DataError, match="is an archive or a document"):
            CustomerTable.read(path)
    else:
        assert len(CustomerTable.read(path)) == 40


@pytest.mark.parametrize("kind", _SAFE_HERE)
def test_what_is_broken_is_a_table_or_a_sentence(kind: str, tmp_path: Path) -> None:
    for seed, content in enumerate(mutations(kind, 25)):
        path = tmp_path / f"broken{seed}.{kind}"
        path.write_bytes(content)
        # What anything else raises fails the test.
        with suppress(DataError):
            assert len(CustomerTable.read(path, open_questions=True)) > 0


def with_method(content: bytes, method: int, version: int) -> bytes:
    """Return a workbook whose sheet is said to be packed in another way, by a program of another version."""
    name, facts = b"xl/worksheets/sheet1.xml", struct.pack("<3H", version, 0, method)
    # It is described before its content, and at the end.
    for place in (content.index(name) - 30 + 4, content.rindex(name) - 46 + 6):
        content = content[:place] + facts + content[place + len(facts) :]
    return content


@pytest.mark.parametrize(("method", "version"), [(8, 148), (12, 46), (14, 63), (99, 20), (0, 20)])
def test_an_archive_that_is_packed_in_another_way_is_broken(method: int, version: int, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(with_method(ORIGINALS["xlsx"](), method, version))
    with pytest.raises(DataError, match="broken"):
        CustomerTable.read(path)
