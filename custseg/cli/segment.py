"""``custseg segment``: find segments, say what they are, and write the files that are asked for."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custseg import Multiverse, Worth, multiverse, worth
from custseg.cli.answers import Answers, Customers, given
from custseg.cli.command import Command
from custseg.cli.destinations import Overwrite, check_all, save
from custseg.cli.progress import progress
from custseg.cli.run_options import RunOptions
from custseg.cli.telling import Json, sentences, tell, tell_json
from custseg.export.formats import FORMATS
from custseg.export.result_json import result_values
from custseg.export.summary_columns import SUMMARY_COLUMNS
from custseg.language import ENGLISH, mark, say, spoken
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.tables.understanding.in_words import consequence, facts_of
from custseg.wording import capitalised, join_words, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg import Segmentation, SegmentationModel, Understanding
    from custseg.export.formats import Format
    from custseg.narrative.interpretation import Interpretation

_Understand = Annotated[
    bool, typer.Option("--understand", help=mark("Say what the file means, and what to confirm; segment nothing."))
]
_Multiverse = Annotated[
    bool,
    typer.Option(
        "--multiverse", help=mark("Say which segments, and what is said of them, hold under other good settings.")
    ),
]
_Worth = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help=mark(
            "Say what acting by segment would gain, by a column of what became of customers or what they spent later, "
            "which is then not compared."
        ),
    ),
]


_Follow = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help=mark("Say what became of these customers in a later table; --movers lists who moved.")
    ),
]


def _segment(
    customers: Customers,
    *,
    run: RunOptions,
    answers: Answers,
    understand: _Understand = False,
    multiverse: _Multiverse = False,
    worth: _Worth = None,
    follow: _Follow = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
    **files: Path | None,
) -> None:
    with sentences(), given(customers) as source:
        if understand:
            _tell_meaning(answers.understand(source), as_json=as_json)
            return
        wanted = {form: path for form in FORMATS if (path := files.get(_option(form))) is not None}
        check_all(wanted.values(), overwrite=overwrite)
        model = run.run(answers.read(source), without=worth)
        found = _other_settings(model.result) if multiverse else None
        gain = _gain(model.result, worth) if worth is not None else None
        if follow is not None:
            with progress(say("Following the customers")):
                model.follow(answers.read(follow))
        for form, path in wanted.items():
            save(model, path, form, overwrite=overwrite)
        if as_json:
            moved = {"followed": model.migration.sentence} if model.migration else {}
            tell_json(result_values(model.bundle()) | _further_values(found, gain) | moved)
        else:
            tell([*_words(model), *_further(found, gain), *_followed(model)])


def _other_settings(result: Segmentation | None) -> Multiverse | None:
    with progress(say("Trying other settings")) as on_progress:
        return multiverse(result, on_progress=on_progress) if result is not None else None


def _gain(result: Segmentation | None, outcome: str) -> Worth | None:
    with progress(say("Finding out what acting by segment would gain")) as on_progress:
        return worth(result, outcome, on_progress=on_progress) if result is not None else None


def _tell_meaning(understood: Understanding, *, as_json: bool) -> None:
    if as_json:
        # Programs find a fact by its term.
        with spoken(ENGLISH):
            terms = [term for term, _ in facts_of(understood)]
        facts = dict(zip(terms, (text for _, text in facts_of(understood)), strict=True))
        doubts = [
            {
                "sentence": doubt.sentence,
                "argument": doubt.argument,
                "matters": doubt.matters,
                "choices": [{"value": value, "follows": follows} for value, follows in doubt.choices],
            }
            for doubt in understood.doubts
        ]
        tell_json(
            {"rows": understood.rows, "facts": facts, "consequence": consequence(understood.preview)}
            | {"customers": understood.preview.customers, "doubts": doubts}
        )
        return
    tell(_meaning(understood))


def _meaning(understood: Understanding) -> Iterator[str]:
    for term, text in facts_of(understood):
        yield say("{term}: {text}.", term=term, text=text)
    yield consequence(understood.preview)
    for doubt in understood.doubts:
        answers = "".join(f"\n  {doubt.argument}={value}: {follows}" for value, follows in doubt.choices)
        asked = mark("Please answer: {question}") if doubt.matters else mark("Please check: {question}")
        yield f"\n{say(asked, question=doubt.sentence)}{answers}"


def _words(model: SegmentationModel) -> Iterator[str]:
    if model.words is not None:
        yield from _described(model.words)
    if model.result is not None and model.result.categories:
        yield f"\n{model.result.influence.say(model.result.schema)}"


def _described(words: Interpretation) -> Iterator[str]:
    short = zip(words.headlines, words.facts, words.conclusions, strict=True)
    for segment, (headline, facts, conclusion) in enumerate(short, start=1):
        yield say("Segment {segment}: {headline}", segment=segment, headline=headline)
        for line in (*facts, conclusion):
            yield f"  {line}"
        for action in words.actions_for(segment):
            yield "  " + say("{area}: {text}", area=capitalised(say(action.area)), text=action.text)
        yield ""
    for area, why in words.plan.silences.items():
        yield f"{capitalised(say(area))}: {why}\n"
    if words.exceptional:
        yield f"{say(EXCEPTIONAL)}. {words.exceptional}\n"
    yield words.guidance


def _further(found: Multiverse | None, gain: Worth | None) -> Iterator[str]:
    """Yield what was asked for beside the segments, in lines."""
    if found is not None:
        yield from _under_other_settings(found)
    if gain is not None:
        yield f"\n{say('Is it worth acting on?')}"
        yield f"  {gain.sentence}"
        yield (
            "  "
            + say(
                "Of {customers:,} customers, each held out when the segments were found and put in order.",
                customers=gain.customers,
            )
        )


def _followed(model: SegmentationModel) -> list[str]:
    found = model.migration
    return [] if found is None else [f"\n{say('What became of them?')}", f"  {found.sentence}"]


def _under_other_settings(found: Multiverse) -> Iterator[str]:
    yield "\n" + say(
        "Does it hold under other settings? Before each statement stands in how many of them it is made again."
    )
    for segment, sentence in enumerate(found.sentences, start=1):
        yield say("Segment {segment}: {sentence}", segment=segment, sentence=sentence)
        for held in found.claims_of(segment):
            yield f"  {percent(held.share)}: {held.words}"
    for setting, reason in found.refused:
        yield say("Could not be used: {words}. {reason}", words=setting.words, reason=reason)


def _further_values(found: Multiverse | None, gain: Worth | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if found is not None:
        segments = [
            {
                "segment": segment,
                "sentence": sentence,
                "claims": [{"words": held.words, "share": held.share} for held in found.claims_of(segment)],
            }
            for segment, sentence in enumerate(found.sentences, start=1)
        ]
        values["other_settings"] = segments
    if gain is not None:
        values["worth"] = {"sentence": gain.sentence, "customers": gain.customers}
    return values


def _option(form: Format) -> str:
    return form.option or form.name


def _files() -> list[inspect.Parameter]:
    """Return an option for each format."""
    return [
        inspect.Parameter(
            _option(form),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[Path | None, typer.Option(metavar="FILE", help=form.description)],
        )
        for form in FORMATS
        if not form.by_hand
    ]


def _statistics() -> str:
    names = join_words([column.name for column in SUMMARY_COLUMNS if not column.after_run])
    return say("Each segment's row holds its {names}, and the average of each feature.", names=names)


COMMAND = Command(
    "segment",
    mark("Find segments of customers, and say what each one is."),
    _segment,
    (
        "custseg customers.csv -k 4 --even-out --report segments.html",
        "custseg segment orders.csv --purchases --members customers_with_segment.csv",
        "zcat customers.csv.gz | custseg segment - --json",
    ),
    _files,
    _statistics,
)
