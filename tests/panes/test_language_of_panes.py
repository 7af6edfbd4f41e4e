"""All views say what they say in each language."""

from __future__ import annotations

import pytest

from custseg import CustomerTable, SegmentationModel
from tests.panes.words_left import left_in_english, said_by, words

# The same word in both languages.
_ALIKE = {
    *("silhouette", "jaccard", "marketing", "playbook", "median", "segment", "segments", "name", "orange", "bank"),
    *(
        "sql",
        "csv",
        "ms",
        "rand",
        "index",
        "olive",
        "sand",
        "service",
        "information",
        "questions",
        "note",
        "age",
        "violet",
    ),
}


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_text_of_a_view_is_left_in_english(table: CustomerTable, code: str) -> None:
    def make() -> SegmentationModel:
        # What reading a table says of it is in the language that it is read in.
        model = SegmentationModel(CustomerTable.read(table.frame.to_native(), title=table.title), k=4, seed=42)
        model.run_clustering()
        return model

    named = (f"{column.name} {column.label} {column.unit}" for column in table.columns)
    own = words(" ".join((*named, table.source, "Horeca Retail Other Lisbon Oporto")))
    english, other = said_by(make, "en"), said_by(make, code)
    left = {name: found for name in english if (found := left_in_english(english[name], other[name], own | _ALIKE))}
    assert left == {}
