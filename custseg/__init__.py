"""Customer segmentation that a business can act on.

``SegmentationModel(customers, k=4, seed=42)`` takes a dataframe or a path, ``run_clustering()`` segments it, and
``result`` holds the segments. See README.md.
"""

from custseg.errors import DataError, SettingError
from custseg.interpretation import Claim, Interpretation, interpret
from custseg.model import SegmentationModel
from custseg.preparation import Preparation

# Imported after every module that imports custseg.profile: from here on the name is the function.
from custseg.profile import Profile, profile
from custseg.segmentation import Segmentation, segment
from custseg.table import CustomerTable

__version__ = "0.1.0"

__all__ = [
    "Claim",
    "CustomerTable",
    "DataError",
    "Interpretation",
    "Preparation",
    "Profile",
    "Segmentation",
    "SegmentationModel",
    "SettingError",
    "interpret",
    "profile",
    "segment",
]
