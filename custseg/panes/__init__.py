"""Panel views of a SegmentationModel: each alone, all together (Explorer), or saved to a file.

Importing this brings in Panel, HoloViews, hvPlot and Bokeh; ``import custseg`` alone doesn't.
"""

from custseg.display import batch_with, register
from custseg.how_many.advice import Advice
from custseg.ledger.ledger import Ledger
from custseg.panes.base.place import current_place
from custseg.panes.base.sending import sent_together
from custseg.panes.charts.advice_figure import advice_picture
from custseg.panes.charts.still_picture import StillPicture
from custseg.panes.explorer import Explorer
from custseg.panes.parts.actions import Actions
from custseg.panes.parts.certainty import CertaintyPart
from custseg.panes.parts.controls import Controls
from custseg.panes.parts.customer_detail import CustomerDetail
from custseg.panes.parts.downloads import Downloads
from custseg.panes.parts.how_many import HowManyAdvice
from custseg.panes.parts.interpretation import Words
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.ledger import LedgerView
from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.multiverse import OtherSettings
from custseg.panes.parts.preparation import PreparationSteps
from custseg.panes.parts.rules import SegmentRules
from custseg.panes.parts.run_history import RunHistoryPart
from custseg.panes.parts.scatter import Scatter
from custseg.panes.parts.second_opinion import SecondOpinionPart
from custseg.panes.parts.segment_charts import SegmentCharts
from custseg.panes.parts.selected import Selected
from custseg.panes.parts.status import Problem, Status
from custseg.panes.parts.typing_form import TypingQuestions
from custseg.panes.parts.worth import WorthPart
from custseg.panes.report.live import document_words
from custseg.panes.snapshot import Report, render_html, save_html
from custseg.panes.tables.column_editor import Columns
from custseg.panes.tables.customer_list import Customers
from custseg.panes.tables.summary import Summary
from custseg.session.model import SegmentationModel
from custseg.session.report.document import ReportDocument

batch_with(sent_together)
register(SegmentationModel, "scatter", Scatter, place=current_place)
register(SegmentationModel, "summary", Summary, place=current_place)
register(SegmentationModel, "interpretation", Words, place=current_place)
register(SegmentationModel, "explorer", Explorer, place=current_place)
register(SegmentationModel, "report", Report)
register(SegmentationModel, "still picture", StillPicture)
register(ReportDocument, "words", document_words)
register(Advice, "plot", advice_picture)
register(Ledger, "view", LedgerView)

__all__ = [
    "Actions",
    "CertaintyPart",
    "Columns",
    "Controls",
    "CustomerDetail",
    "CustomerMigration",
    "Customers",
    "Downloads",
    "Explorer",
    "HowManyAdvice",
    "KeyFigures",
    "LedgerView",
    "OtherSettings",
    "PreparationSteps",
    "Problem",
    "RunHistoryPart",
    "Scatter",
    "SecondOpinionPart",
    "SegmentCharts",
    "SegmentRules",
    "Selected",
    "Status",
    "Summary",
    "TypingQuestions",
    "Words",
    "WorthPart",
    "render_html",
    "save_html",
]
