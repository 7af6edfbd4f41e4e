"""Customer segmentation that a business can act on.

``SegmentationModel(customers, k=4, seed=42)`` takes a dataframe or a path, ``run_clustering()`` segments it, and
``result`` holds the segments. See README.md.
"""

from custseg import display
from custseg.change.comparison import Comparison, compare
from custseg.change.evened_out import EvenedOutComparison, compare_evened_out
from custseg.change.migration import Migration, migrate
from custseg.clustering.influence import Influence
from custseg.clustering.preparation import Preparation
from custseg.clustering.recipe import Recipe
from custseg.clustering.segmentation import Segmentation, segment
from custseg.clustering.without_columns import influence
from custseg.errors import DataError, SettingError
from custseg.export.document.model_document import ModelDocument, load
from custseg.export.scored_files import ScoredFile, score_file
from custseg.how_many.advice import Advice, advise
from custseg.insight.associations import Association, find_associations
from custseg.insight.certainty import Certainty, certainty
from custseg.insight.outcomes import Outcome, find_outcomes
from custseg.insight.profile import Profile, profile
from custseg.insight.rules import Rule, Rules, find_rules
from custseg.insight.second_opinion import second_opinion
from custseg.insight.second_opinion_result import SecondOpinion
from custseg.insight.typing_tool import TypingTool, find_typing_tool
from custseg.insight.worth import Worth, worth
from custseg.ledger.ledger import Ledger
from custseg.narrative.actions import Action, Plan
from custseg.narrative.claims import Claim, Phrase
from custseg.narrative.interpretation import Interpretation, interpret
from custseg.narrative.multiverse import Multiverse, multiverse
from custseg.narrative.playbook import Playbook
from custseg.narrative.playbook_choice import PlaybookChoice, choose_playbook
from custseg.session.model import SegmentationModel
from custseg.session.report.verification import Verification, verify
from custseg.settings import set_language
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.purchases.lifecycle import Lifecycle
from custseg.tables.purchases.rfm import RfmScores, rfm_scores
from custseg.tables.purchases.transactions import from_transactions
from custseg.tables.quality import TableHealth, check_health
from custseg.tables.table import CustomerTable
from custseg.tables.understanding import Understanding
from custseg.tables.understanding.understand import understand

__version__ = "0.1.0"

# Loaded when something is to be shown, so that scripts don't wait for it.
display.drawn_by("custseg.export.summary_columns", "custseg.panes")

__all__ = [
    "Action",
    "Advice",
    "Association",
    "Certainty",
    "Claim",
    "Comparison",
    "CustomerTable",
    "DataError",
    "EvenedOutComparison",
    "Influence",
    "Interpretation",
    "Ledger",
    "Lifecycle",
    "Migration",
    "ModelDocument",
    "Multiverse",
    "Outcome",
    "Phrase",
    "Plan",
    "Playbook",
    "PlaybookChoice",
    "Preparation",
    "Profile",
    "Recipe",
    "RfmScores",
    "Rule",
    "Rules",
    "ScoredFile",
    "SecondOpinion",
    "Segmentation",
    "SegmentationModel",
    "SettingError",
    "TableHealth",
    "TransactionColumns",
    "TypingTool",
    "Understanding",
    "Verification",
    "Worth",
    "advise",
    "certainty",
    "check_health",
    "choose_playbook",
    "compare",
    "compare_evened_out",
    "find_associations",
    "find_outcomes",
    "find_rules",
    "find_typing_tool",
    "from_transactions",
    "influence",
    "interpret",
    "load",
    "migrate",
    "multiverse",
    "profile",
    "rfm_scores",
    "score_file",
    "second_opinion",
    "segment",
    "set_language",
    "understand",
    "verify",
    "worth",
]
