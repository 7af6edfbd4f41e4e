"""The parameters of a model: what a person asks for, what can be triggered, and what came of it."""

from __future__ import annotations

import param

from custseg.change.evened_out import EvenedOutComparison
from custseg.change.migration import Migration
from custseg.clustering.recipe import Recipe
from custseg.narrative.playbook import Playbook
from custseg.session.parameters import Axis, Features, Picture, Seed, SegmentCount, SegmentCounts, Share, Size
from custseg.session.run_result import RunResult
from custseg.settings import (
    DEFAULT_K,
    DEFAULT_SEED,
    DEFAULT_SMALLEST_SHARE,
    DEFAULT_SMALLEST_SIZE,
    K_RANGE,
    LARGEST_SEED,
    PICTURES,
)
from custseg.tables.table import CustomerTable


class ModelParameters(param.Parameterized):
    """What can be set, triggered and watched of a ``SegmentationModel``; what it does with them is said there."""

    # What the annotations say is what reading the attribute gives; param puts the parameter itself on the class.
    table: CustomerTable = param.ClassSelector(
        class_=CustomerTable, constant=True, doc="The customers; load() puts others in their place."
    )
    features: list[str] = Features(default=[], objects=[], doc="Columns to compare; all numeric features at first.")
    x: str = Axis(default=None, objects=[], doc="The feature across the picture.")
    y: str = Axis(default=None, objects=[], doc="The feature up the picture.")
    picture: str = Picture(
        default=PICTURES[0],
        objects=list(PICTURES),
        doc="What is shown: the features x and y, or once there is a result one of the planes through all features.",
    )
    axes_chosen: bool = param.Boolean(
        default=False,
        doc="Whether x and y were chosen. Until then a run shows the two features that separate the segments best.",
    )
    log_scale: bool | None = param.Boolean(
        default=None,
        allow_None=True,
        doc="Whether features are shown on a logarithmic scale that has room for 0; None: those that are skewed.",
    )
    k: int = SegmentCount(default=DEFAULT_K, bounds=K_RANGE, doc="How many segments.")
    seed: int | None = Seed(
        default=DEFAULT_SEED,
        bounds=(0, LARGEST_SEED),
        allow_None=True,
        doc="The same seed gives the same segments each time; None is a fresh random start.",
    )
    recipe: Recipe = param.ClassSelector(
        class_=Recipe,
        default=Recipe(),
        allow_None=False,
        doc="How features are made comparable; a new one, not changed.",
    )
    playbook: Playbook | None = param.ClassSelector(
        class_=Playbook,
        allow_None=True,
        doc="Names and suggestions, which the outcome follows at once; None for custseg's that suit the table.",
    )
    ks: list[int] = SegmentCounts(
        default=list(range(K_RANGE[0], K_RANGE[1] + 1)), doc="The numbers of segments that suggest looks at."
    )
    smallest_share: float = Share(
        default=DEFAULT_SMALLEST_SHARE, doc="The share of customers that a suggested segment should have at least."
    )
    smallest_size: int | None = Size(
        default=DEFAULT_SMALLEST_SIZE,
        allow_None=True,
        doc="So many customers are enough for a suggested segment, however small their share; None: none are.",
    )

    run = param.Event(doc="Trigger to segment the customers with the settings as they are, off the event loop.")
    assess = param.Event(
        doc="Trigger to find out certainty and rules off the event loop. A triggered run does so by itself."
    )
    suggest = param.Event(doc="Trigger to find out how many segments to use, off the event loop; for advice.")
    try_settings = param.Event(
        doc="Trigger to find out under which other settings the outcome holds, off the event loop; for multiverse."
    )
    weigh = param.Event(
        doc="Trigger to find out what acting by segment is worth by weighed_by, off the event loop; for worth."
    )
    weighed_by: str | None = param.String(
        default=None, allow_None=True, doc="The column that says what became of customers, by which worth is found out."
    )
    ask_second_opinion = param.Event(
        doc="Trigger to ask a mixture about the customers of the outcome, off the event loop; for second_opinion."
    )
    compare_evened_out = param.Event(
        doc="Trigger to find out, off the event loop, what the outcome is with skewed features as they are and evened "
        "out, for evened_out. A triggered run does so by itself."
    )

    outcome: RunResult | None = param.ClassSelector(
        class_=RunResult,
        constant=True,
        allow_None=True,
        doc="All of the run that is shown; it stays until another replaces it. Also names and certainty make another "
        "outcome of the same run: see custseg.session.run_result.changes_between.",
    )
    words_in_project: tuple[tuple[int, str, str], ...] = param.Parameter(
        default=(),
        constant=True,
        doc="What people called segments, and wrote, when a project was last written or opened.",
    )
    migration: Migration | None = param.ClassSelector(
        class_=Migration, constant=True, allow_None=True, doc="What became of the customers of the outcome since."
    )
    evened_out: EvenedOutComparison | None = param.ClassSelector(
        class_=EvenedOutComparison,
        constant=True,
        allow_None=True,
        doc="The outcome with skewed features as they are and evened out; None where none is, or it isn't known yet.",
    )
    question: str = param.String(
        default="", doc="What a person must answer first, in a sentence; no run begins until it is empty again."
    )
    error: str | None = param.String(default=None, allow_None=True, doc="What went wrong, in a sentence for people.")
    running: bool = param.Boolean(default=False, constant=True, doc="Whether a run is taking its time.")
    fit_progress: str | None = param.String(
        default=None, constant=True, allow_None=True, doc="How far a run in an engine is, in words; None while none is."
    )
    assessing: bool = param.Boolean(default=False, constant=True, doc="Whether the outcome is being assessed.")
    resamples_drawn: int | None = param.Integer(
        default=None,
        constant=True,
        allow_None=True,
        doc="How many resamples are drawn while the outcome is being assessed; None while it isn't.",
    )
    stale: bool = param.Boolean(
        default=False, constant=True, doc="Whether what matters to clustering has changed since the outcome was made."
    )
