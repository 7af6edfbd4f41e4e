"""What the centroids of a result hold of a category: the share of each level, or the mean rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.category_coding import Indicators
from custseg.errors import SettingError, listed, quote
from custseg.language import say

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.preparation import Preparation

    Floats = npt.NDArray[np.float64]


def level_shares(preparation: Preparation, centroids: Floats, category: str) -> pd.DataFrame:
    """Return what prepared centroids hold of a category; see ``Segmentation.level_shares``."""
    import pandas as pd

    names = [coding.category.column for coding in preparation.categories]
    if category not in names:
        choose = (
            say("Choose from {names}.", names=listed(names))
            if names
            else say("No category was; use Recipe(categories=True).")
        )
        msg = say("{category} was not compared as a category. {choose}", category=quote(category), choose=choose)
        raise SettingError(msg)
    position = names.index(category)
    coding = preparation.categories[position]
    own = centroids[:, preparation.columns[len(preparation.features) + position]]
    segments = pd.Index(range(1, len(centroids) + 1), name="segment")
    if isinstance(coding, Indicators):
        return pd.DataFrame(coding.shares(own), index=segments, columns=pd.Index(coding.names, name=category))
    return pd.DataFrame({"mean rank": coding.ranks(own)}, index=segments)
