"""A result as a presentation: the verdict, a slide for each segment with facts and actions, what it rests on."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from custseg.export.palette import SLOT_COLOURS
from custseg.export.result_tables import words_of
from custseg.language import mark, say
from custseg.narrative.result_verdict import say_verdict
from custseg.wording import capitalised, count, fixed, join_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.export.bundle import ResultBundle
    from custseg.export.slides import Slides
    from custseg.narrative.interpretation import Interpretation

_MOST_FEATURES = 8
_QUIET, _LOUD = "#9AA5B1", "#0072B2"
_COMPARED = mark("Average of each feature, where that of all customers is 100%")


def write_story(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write the presentation, without any single customer."""
    from custseg.export.slides import Slides

    words = words_of(bundle)
    slides = Slides(say("Customer segments: {title}", title=bundle.segmentation.table.title))
    _verdict(slides, bundle, words)
    for place in range(bundle.segmentation.k):
        _segment(slides, bundle, words, place)
    _what_to_do(slides, words)
    _what_it_rests_on(slides, bundle)
    content = BytesIO()
    slides.save(content)
    stream.write(content.getvalue())


def _verdict(slides: Slides, bundle: ResultBundle, words: Interpretation) -> None:
    from custseg.export.slides import BODY, MARGIN, WIDTH

    profile = bundle.profile
    stability = bundle.certainty.stability if bundle.certainty else ()
    slides.begin(say("Customer segments: {title}", title=bundle.segmentation.table.title))
    verdict = say_verdict(profile.sizes.tolist(), stability, bundle.separation or ())
    lines = [verdict, *words.headlines, *([words.exceptional] if words.exceptional else []), words.guidance]
    half = (WIDTH - 2 * MARGIN) / 2
    slides.text(lines, MARGIN, BODY, half - 0.3, 5)
    shares = {say("Share of customers"): (profile.customer_share[: bundle.segmentation.k].tolist(), _QUIET)}
    if profile.spend_share is not None:
        shares[say("Share of spend")] = (profile.spend_share[: bundle.segmentation.k].tolist(), _LOUD)
    names = [f"{number}. {name}" for number, name in enumerate(words.names, start=1)]
    slides.bars(
        say("{shares} by segment", shares=join_words(list(shares))), names, shares, (MARGIN + half, BODY, half, 5.2)
    )


def _segment(slides: Slides, bundle: ResultBundle, words: Interpretation, place: int) -> None:
    from custseg.export.slides import BODY, MARGIN, WIDTH

    slot = bundle.model.outcome.slots[place] if bundle.model is not None else place
    slides.begin(say("Segment {number}. {name}", number=place + 1, name=words.names[place]), SLOT_COLOURS[slot])
    size = words.headlines[place].removeprefix(f"{words.names[place]}. ")
    actions = words.actions_for(place + 1)
    lines = [size, *words.facts[place], words.conclusions[place]]
    lines += [f"{capitalised(say(action.area))}: {action.text}" for action in actions]
    if words.notes and words.notes[place]:
        lines.append(say("Note: {note}", note=words.notes[place]))
    compared = _compared(bundle, place)
    half = (WIDTH - 2 * MARGIN) / 2
    slides.text(lines, MARGIN, BODY, half - 0.3 if compared else 2 * half, 5)
    if compared:
        names, values = compared
        bars = {words.names[place]: (values, SLOT_COLOURS[slot])}
        slides.bars(say(_COMPARED), names, bars, (MARGIN + half, BODY, half, 5.2))
    slides.note([words.sentences[place], *(action.evidence for action in actions)])


def _compared(bundle: ResultBundle, place: int) -> tuple[list[str], list[float | None]] | None:
    """Return the features that can be told as shares of the average, those that differ most between segments."""
    profile, schema = bundle.profile, bundle.segmentation.schema
    columns = [schema.column(name) for name in profile.features]
    counted = [column.quantity != "year" and column.format.kind != "date" for column in columns]
    from_zero = (profile.means >= 0).all(axis=0) & (profile.overall_quartiles[0] >= 0)
    told = np.flatnonzero(np.greater(profile.overall_means, 0) & from_zero & counted)
    ratios = profile.means[:, told] / profile.overall_means[told]
    most = np.sort(np.argsort(-np.ptp(ratios, axis=0), kind="stable")[:_MOST_FEATURES])
    if not len(most):
        return None
    names = [capitalised(schema.label(profile.features[each])) for each in told[most]]
    return names, ratios[place, most].tolist()


def _what_to_do(slides: Slides, words: Interpretation) -> None:
    if not words.actions:
        return
    from custseg.export.slides import BODY, MARGIN, WIDTH

    slides.begin(say("What to do"))
    columns: dict[str, list[str]] = {}
    for each in words.actions:
        columns.setdefault(each.area, [capitalised(say(each.area))]).append(
            f"{words.names[each.segment - 1]}: {each.text}"
        )
    slides.columns(list(columns.values()), MARGIN, BODY, WIDTH - 2 * MARGIN, 5.2)
    slides.note([f"{words.names[each.segment - 1]}: {each.evidence}" for each in words.actions])


def _what_it_rests_on(slides: Slides, bundle: ResultBundle) -> None:
    from custseg.export.slides import BODY, MARGIN, WIDTH

    result, model = bundle.segmentation, bundle.model
    slides.begin(say("What this rests on"))
    method = say("Groups of any shape (a mixture)") if result.mixture is not None else "K-Means"
    labels = [result.schema.label(name) for name in result.features]
    lines = [
        say(
            "{customers} of the table “{title}”.",
            customers=count(len(result.table), "customer"),
            title=result.table.title,
        ),
        say(
            "{method} with k = {k} and seed {seed} brings the same segments again.",
            method=method,
            k=result.k,
            seed=result.seed,
        ),
        say("Compared: {labels}.", labels=join_words(labels)),
        *map(str, result.preparation.steps),
        *_how_sure(bundle),
        *result.table.remarks,
    ]
    slides.text(lines, MARGIN, BODY, WIDTH - 2 * MARGIN, 5)
    if model is not None:
        slides.foot(say("Made with custseg; segments of {moment}.", moment=f"{model.outcome.finished:%Y-%m-%d %H:%M}"))


def _how_sure(bundle: ResultBundle) -> Sequence[str]:
    if bundle.certainty is None:
        return [say("Whether these segments hold up on other customers was not looked into.")]
    words = words_of(bundle)
    each = zip(words.names, bundle.certainty.stability, bundle.certainty.jaccard.tolist(), strict=True)
    found = [f"{name}: {say(stability)} (Jaccard {fixed(jaccard, 2)})" for name, stability, jaccard in each]
    return [say("Found again when customers are drawn anew: {found}.", found="; ".join(found))]
