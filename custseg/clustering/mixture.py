"""Gaussian mixtures: fit one, and say with which probability each customer is of each of its groups."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from custseg.sampling import chunks

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Covariance = Literal["spherical", "diag", "tied", "full"]
COVARIANCES: tuple[Covariance, ...] = get_args(Covariance)
# Added to each variance, as a share of the average one: else a component can shrink to a few customers who are alike.
_FLOOR = 1e-3
# Of expectation-maximisation: it ends once a step adds less than this to the mean logarithm of the density.
_MOST_STEPS, _TOLERANCE = 100, 1e-3


@dataclass(frozen=True, eq=False)
class Mixture:
    """Components, each a normal distribution, and the groups that they are parts of.

    Attributes
    ----------
    weights
        The share of customers in each of the c components; they add up to 1.
    means
        Components x features, c x d, in prepared units.
    covariances
        c x d x d, in squares of prepared units.
    groups
        The group (0..g-1) that each component is part of. A group of an irregular shape has several.

    """

    weights: Floats
    means: Floats
    covariances: Floats
    groups: npt.NDArray[np.intp]

    def __post_init__(self) -> None:
        for array in (self.weights, self.means, self.covariances, self.groups):
            array.setflags(write=False)

    @property
    def components(self) -> int:
        """How many components there are."""
        return len(self.weights)

    @property
    def group_count(self) -> int:
        """How many groups they make."""
        return int(self.groups.max()) + 1

    def log_densities(self, prepared: Floats) -> Floats:
        """Return the logarithm of weight times density of each component for customers x features, n x c.

        Numbers are multiplied and added in a fixed order, so that a customer's don't depend on who else is there.
        """
        found = np.empty((len(prepared), self.components))
        for component in range(self.components):
            whitening = np.linalg.inv(np.linalg.cholesky(self.covariances[component]))
            constant = np.log(self.weights[component]) + np.log(np.diag(whitening)).sum()
            constant -= 0.5 * prepared.shape[1] * np.log(2 * np.pi)
            for chunk in chunks(len(prepared)):
                away = [column - mean for column, mean in zip(prepared[chunk].T, self.means[component], strict=True)]
                squares = np.zeros(len(away[0]))
                for row, weights in enumerate(whitening):
                    along = np.zeros(len(away[0]))
                    for feature in range(row + 1):
                        along += weights[feature] * away[feature]
                    squares += along * along
                found[chunk, component] = constant - 0.5 * squares
        return found

    def log_likelihood(self, prepared: Floats) -> Floats:
        """Return the logarithm of the density at each customer."""
        return log_sums(self.log_densities(prepared))

    def memberships(self, prepared: Floats) -> Floats:
        """Return with which probability each customer is of each group, n x g; each row adds up to 1."""
        densities = self.log_densities(prepared)
        shares = np.exp(densities - log_sums(densities)[:, None])
        members = np.zeros((len(prepared), self.group_count))
        for component, group in enumerate(self.groups.tolist()):
            members[:, group] += shares[:, component]
        return members

    def positions(self, prepared: Floats) -> npt.NDArray[np.intp]:
        """Return the most probable group (0..g-1) of each customer."""
        return np.asarray(self.memberships(prepared).argmax(axis=1))

    def regrouped(self, groups: npt.NDArray[np.intp]) -> Mixture:
        """Return the same components as parts of other groups."""
        return replace(self, groups=groups)

    def rescaled(self, centre: Floats, scale: Floats) -> Mixture:
        """Return the mixture of what values times ``scale`` plus ``centre`` are, each one number for each feature."""
        return replace(self, means=self.means * scale + centre, covariances=self.covariances * np.outer(scale, scale))

    def joint(self, components: list[int]) -> tuple[float, Floats, Floats]:
        """Return the weight, the mean and the covariance of some of the components taken together."""
        weights = self.weights[components]
        together = float(weights.sum())
        mean = weights @ self.means[components] / together
        away = self.means[components] - mean
        within = np.einsum("c,cij->ij", weights, self.covariances[components])
        between = np.einsum("c,ci,cj->ij", weights, away, away)
        return together, mean, (within + between) / together


def log_sums(densities: Floats) -> Floats:
    """Return the logarithm of the sum of what these are the logarithms of, row by row."""
    highest = densities.max(axis=1)
    total = np.zeros(len(densities))
    for column in densities.T:
        total += np.exp(column - highest)
    return np.asarray(highest + np.log(total))


def of_labels(prepared: Floats, labels: npt.NDArray[np.integer], count: int) -> Mixture:
    """Return the mixture with a component for each label (0..count-1) of customers: its share, mean and covariance."""
    floor = _FLOOR * float(prepared.var(axis=0).mean()) * np.eye(prepared.shape[1])
    weights, means, covariances = [], [], []
    for label in range(count):
        members = prepared[labels == label]
        away = members - members.mean(axis=0)
        weights.append(len(members) / len(prepared))
        means.append(members.mean(axis=0))
        covariances.append(away.T @ away / len(members) + floor)
    return Mixture(np.array(weights), np.array(means), np.array(covariances), np.arange(count))


def improve(prepared: Floats, start: Mixture, kind: Covariance) -> Mixture:
    """Return the mixture that expectation-maximisation (Dempster et al., 1977) leads to, as scikit-learn runs it."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        start.components,
        covariance_type=kind,
        reg_covar=_FLOOR * float(prepared.var(axis=0).mean()),
        tol=_TOLERANCE,
        max_iter=_MOST_STEPS,
        weights_init=start.weights / start.weights.sum(),
        means_init=start.means,
        precisions_init=_of_kind(np.asarray(np.linalg.inv(_shared(start, kind)), dtype=np.float64), kind),
    )
    with warnings.catch_warnings():
        # What is not quite at the top is compared as it is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(prepared)
    full = _in_full(model.covariances_, kind, start.components, prepared.shape[1])
    return Mixture(np.asarray(model.weights_), np.asarray(model.means_), full, start.groups)


def _shared(start: Mixture, kind: Covariance) -> Floats:
    """Return covariances, c x d x d, that a kind allows."""
    own = start.covariances
    if kind == "tied":
        return np.broadcast_to(np.einsum("c,cij->ij", start.weights, own), own.shape)
    if kind == "full":
        return own
    variances = np.diagonal(own, axis1=1, axis2=2)
    if kind == "spherical":
        variances = np.broadcast_to(variances.mean(axis=1, keepdims=True), variances.shape)
    return np.asarray(variances[:, :, None] * np.eye(variances.shape[1]))


def _of_kind(matrices: Floats, kind: Covariance) -> Floats:
    """Return matrices, c x d x d, in the shape in which scikit-learn has them."""
    if kind == "tied":
        return np.asarray(matrices[0])
    if kind == "full":
        return matrices
    diagonals = np.diagonal(matrices, axis1=1, axis2=2).copy()
    return np.asarray(diagonals if kind == "diag" else diagonals[:, 0])


def _in_full(covariances: Floats, kind: Covariance, count: int, features: int) -> Floats:
    """Return covariances as scikit-learn has them as c x d x d."""
    if kind == "full":
        return np.asarray(covariances)
    if kind == "tied":
        return np.repeat(covariances[None], count, axis=0)
    diagonals = covariances if kind == "diag" else np.repeat(covariances[:, None], features, axis=1)
    return np.asarray(diagonals[:, :, None] * np.eye(features))


def parameters(components: int, features: int, kind: Covariance) -> int:
    """Return how many numbers a mixture of this kind has to choose."""
    square = features * (features + 1) // 2
    per_kind = {"spherical": components, "diag": components * features, "tied": square, "full": components * square}
    return components - 1 + components * features + per_kind[kind]


def bic(mixture: Mixture, kind: Covariance, prepared: Floats) -> float:
    """Return the Bayesian information criterion (Schwarz, 1978): smaller is better."""
    free = parameters(mixture.components, prepared.shape[1], kind)
    return float(free * np.log(len(prepared)) - 2 * mixture.log_likelihood(prepared).sum())
