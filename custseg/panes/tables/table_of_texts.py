"""A Tabulator whose columns stay while its rows come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

if TYPE_CHECKING:
    import pandas as pd
    import param


class TableOfTexts(pn.widgets.Tabulator):
    """A table of texts: other rows are sent as they are.

    Panel converts each column by its type and describes all columns anew, which took nearly half the time of showing a
    run on the server. The ways that are overridden are private; tests/panes/test_private_ways.py guards them.
    """

    def _process_df_and_convert_to_cds(self, df: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
        # Copies: Bokeh writes what a browser has edited into these, and Panel then looks for it in the table.
        columns = {str(name): column.to_numpy(copy=True) for name, column in df.items()}
        return df, {"index": np.arange(len(df)), **columns}

    def _update_columns(self, event: param.parameterized.Event, model: Any) -> None:
        if event.name != "value" or [*event.old] != [*event.new]:
            super()._update_columns(event, model)
