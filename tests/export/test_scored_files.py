"""A file is scored into another, some rows at a time, and nothing of it changes or is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

import custseg
from custseg import CustomerTable, DataError, Recipe, SettingError, segment
from custseg.cli.commands import app
from custseg.export import scored_files
from custseg.export.files import WriteError
from custseg.export.scored_files import score_file
from tests.export.document.models import RECIPES, customers, of_every_kind, result_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def few_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scored_files, "_ROWS_AT_A_TIME", 150)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_gets_the_segments_that_a_dataframe_gets(name: str, suffix: str, tmp_path: Path) -> None:
    source, target, document = tmp_path / f"new{suffix}", tmp_path / "scored.parquet", result_of(name).to_document()
    frame = customers(name)
    frame.to_csv(source, index=False) if suffix == ".csv" else frame.to_parquet(source, row_group_size=99)
    told: list[int] = []
    found = score_file(document, source, target, on_progress=told.append)
    scored = pd.read_parquet(target)
    assert scored["segment"].fillna(0).astype(int).tolist() == result_of(name).labels.tolist()
    assert found.rows == len(frame) == told[-1]
    assert found.sizes == tuple(result_of(name).sizes.tolist())
    assert found.in_none == int((result_of(name).labels == 0).sum())
    assert list(scored.columns[-4:]) == ["segment", "segment_name", "distance", "margin"]
    if suffix == ".parquet":
        pd.testing.assert_frame_equal(scored[frame.columns], frame)
        assert len(told) > 3


def test_the_cells_of_a_csv_file_stay_as_they_are_written(tmp_path: Path) -> None:
    frame = customers().assign(postcode=[f"{n:05}" for n in range(700)], text='a "b", c\nd', formula="=1+1")
    frame.to_csv(tmp_path / "new.csv", index=False, float_format="%.3f")
    score_file(result_of("plain").to_document(), tmp_path / "new.csv", tmp_path / "scored.csv")
    before, after = (
        pd.read_csv(tmp_path / name, dtype=str, keep_default_na=False) for name in ("new.csv", "scored.csv")
    )
    pd.testing.assert_frame_equal(after[before.columns], before)


def test_columns_of_every_kind_go_from_parquet_to_csv_and_are_read_there(tmp_path: Path) -> None:
    frame, roles = of_every_kind(), {"last order": "feature", "channel": "category"}
    chosen: Any = roles
    table = CustomerTable.read(frame, open_questions=True, roles=chosen)
    result = segment(table, k=3, seed=0, recipe=Recipe(categories=True))
    frame.to_csv(tmp_path / "new.csv", index=False)
    score_file(result.to_document(), tmp_path / "new.csv", tmp_path / "scored.csv")
    assert pd.read_csv(tmp_path / "scored.csv")["segment"].tolist() == result.labels.tolist()


def test_what_is_there_already_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    customers().to_parquet(tmp_path / "new.parquet")
    target = tmp_path / "scored.parquet"
    target.write_bytes(b"precious")
    document = result_of("plain").to_document()
    with pytest.raises(WriteError, match="already"):
        score_file(document, tmp_path / "new.parquet", target)
    assert target.read_bytes() == b"precious"
    broken = customers().assign(visits="many")
    broken.to_parquet(tmp_path / "broken.parquet")
    with pytest.raises(DataError, match=r"“visits”, row 1"):
        score_file(document, tmp_path / "broken.parquet", target, overwrite=True)
    assert target.read_bytes() == b"precious"
    assert {path.name for path in tmp_path.iterdir()} == {"new.parquet", "scored.parquet", "broken.parquet"}
    score_file(document, tmp_path / "new.parquet", target, overwrite=True)
    assert parquet.read_metadata(target).num_rows == 700
    # Onto itself, too.
    score_file(document, target, target, overwrite=True)
    assert "segment_2" in pd.read_parquet(target)


def test_what_is_wrong_is_a_sentence(tmp_path: Path) -> None:
    document, source = result_of("prepared").to_document(), tmp_path / "new.parquet"
    customers().drop(columns="visits").to_parquet(source)
    with pytest.raises(DataError, match=r"but the file has none called “visits”. Add them, or rename"):
        score_file(document, source, tmp_path / "scored.parquet")
    with pytest.raises(SettingError, match=r"ends in “.parquet”, “.csv”, but got “scored.xlsx”"):
        score_file(document, source, tmp_path / "scored.xlsx")
    with pytest.raises(DataError, match="There is no file"):
        score_file(document, tmp_path / "none.csv", tmp_path / "scored.csv")
    texts = customers()["visits"].astype(object)
    texts[500] = "many"
    customers().assign(visits=texts.astype(str)).to_csv(tmp_path / "new.csv", index=False)
    with pytest.raises(DataError, match="“visits”, row 501, but got “many”"):
        score_file(document, tmp_path / "new.csv", tmp_path / "scored.csv")
    assert not (tmp_path / "scored.csv").exists()


def test_gaps_and_new_levels_are_counted(tmp_path: Path) -> None:
    frame = customers().assign(visits=np.nan)
    frame[frame.columns[-1]] = "elsewhere"
    frame.to_parquet(tmp_path / "new.parquet")
    found = score_file(result_of("prepared").to_document(), tmp_path / "new.parquet", tmp_path / "scored.csv")
    assert found.missing["visits"] == 700
    assert list(found.unknown.values()) == [700]
    assert any("700 of 700 customers have a level of" in said for said in found.remarks())


def test_a_file_without_customers_gets_its_columns_all_the_same(tmp_path: Path) -> None:
    customers().head(0).to_parquet(tmp_path / "new.parquet")
    found = score_file(result_of("plain").to_document(), tmp_path / "new.parquet", tmp_path / "scored.csv")
    assert found.rows == 0
    assert pd.read_csv(tmp_path / "scored.csv").columns[-1] == "margin"


def test_the_command_scores_a_file(tmp_path: Path) -> None:
    result_of("plain").to_document(names=list("abcd")).save(tmp_path / "model.json")
    customers().to_parquet(tmp_path / "new.parquet")
    arguments = ["score", str(tmp_path / "model.json"), str(tmp_path / "new.parquet"), "-o", str(tmp_path / "out.csv")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "700 customers are in" in done.stdout
    assert f"a: {result_of('plain').sizes[0]}" in done.stdout
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 1
    assert "say --overwrite" in again.output
    counted = CliRunner().invoke(app, [*arguments, "--overwrite", "--json"])
    assert json.loads(counted.stdout)["sizes"] == result_of("plain").sizes.tolist()
    (tmp_path / "model.json").write_text("{}")
    refused = CliRunner().invoke(app, [*arguments, "--overwrite"])
    assert refused.exit_code == 1
    assert "This is no model document of custseg" in refused.output
    assert custseg.load(result_of("plain").to_document().to_json()).k == 4
