"""Customer segmentation that a business can act on.

``SegmentationModel(customers, k=4, seed=42)`` takes a dataframe or a path, ``run_clustering()`` segments it, and
``result`` holds the segments. See README.md.
"""

from custseg.advice import Advice, advise
from custseg.categories import Association, find_associations
from custseg.certainty import Certainty, certainty
from custseg.claims import Claim, Phrase
from custseg.comparison import Comparison, compare
from custseg.errors import DataError, SettingError
from custseg.health import TableHealth, check_health
from custseg.interpretation import Action, Interpretation, interpret
from custseg.migration import Migration, migrate
from custseg.model import SegmentationModel
from custseg.playbook import Playbook
from custseg.preparation import Preparation

# Imported after every module that imports custseg.profile: from here on the name is the function.
from custseg.profile import Profile, profile
from custseg.recipe import Recipe
from custseg.rules import Rule, Rules, find_rules
from custseg.segmentation import Segmentation, segment
from custseg.table import CustomerTable
from custseg.transactions import TransactionColumns, from_transactions, look_for_purchases

__version__ = "0.1.0"

__all__ = [
    "Action",
    "Advice",
    "Association",
    "Certainty",
    "Claim",
    "Comparison",
    "CustomerTable",
    "DataError",
    "Interpretation",
    "Migration",
    "Phrase",
    "Playbook",
    "Preparation",
    "Profile",
    "Recipe",
    "Rule",
    "Rules",
    "Segmentation",
    "SegmentationModel",
    "SettingError",
    "TableHealth",
    "TransactionColumns",
    "advise",
    "certainty",
    "check_health",
    "compare",
    "find_associations",
    "find_rules",
    "from_transactions",
    "interpret",
    "look_for_purchases",
    "migrate",
    "profile",
    "segment",
]
