"""Panel views of a SegmentationModel: each alone, all together (Explorer), or saved to a file.

Importing this brings in Panel, HoloViews, hvPlot and Bokeh; ``import custseg`` alone doesn't.
"""

from custseg.panes.actions import Actions
from custseg.panes.advising import Advising
from custseg.panes.columns import Columns
from custseg.panes.controls import Controls
from custseg.panes.customer import OneCustomer
from custseg.panes.customers import Customers
from custseg.panes.downloads import Downloads
from custseg.panes.explorer import Explorer
from custseg.panes.history import History
from custseg.panes.key_figures import KeyFigures
from custseg.panes.over_time import OverTime
from custseg.panes.pictures import Pictures
from custseg.panes.preparing import Preparing
from custseg.panes.rules import SettingApart
from custseg.panes.scatter import Scatter
from custseg.panes.selected import Selected
from custseg.panes.side_by_side import SideBySide
from custseg.panes.snapshot import render_html, save_html
from custseg.panes.status import Problem, Status
from custseg.panes.summary import Summary
from custseg.panes.trust import Trust
from custseg.panes.words import Words

__all__ = [
    "Actions",
    "Advising",
    "Columns",
    "Controls",
    "Customers",
    "Downloads",
    "Explorer",
    "History",
    "KeyFigures",
    "OneCustomer",
    "OverTime",
    "Pictures",
    "Preparing",
    "Problem",
    "Scatter",
    "Selected",
    "SettingApart",
    "SideBySide",
    "Status",
    "Summary",
    "Trust",
    "Words",
    "render_html",
    "save_html",
]
