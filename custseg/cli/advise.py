"""``custseg advise``: how many segments to use, and whether there are groups at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg import Recipe, advise
from custseg.cli.answers import Answers, Customers, given
from custseg.cli.command import Command
from custseg.cli.progress import progress
from custseg.cli.run_options import EvenOut, Feature, Seed
from custseg.cli.telling import Json, sentences, tell, tell_json
from custseg.clustering.recipe import AUTO
from custseg.language import mark, say
from custseg.settings import DEFAULT_SEED, K_RANGE

if TYPE_CHECKING:
    from custseg import Advice


def _advise(
    customers: Customers,
    *,
    seed: Seed = DEFAULT_SEED,
    feature: Feature = None,
    even_out: EvenOut = False,
    answers: Answers,
    as_json: Json = False,
) -> None:
    least, most = K_RANGE
    with sentences(), given(customers) as source:
        table = answers.read(source)
        with progress(say("Trying numbers of segments")) as on_progress:
            advice = advise(
                table,
                features=feature or None,
                seed=seed,
                recipe=Recipe(log=AUTO if even_out else ()),
                on_progress=lambda k: on_progress(k - least + 1, most - least + 1),
            )
        if as_json:
            tell_json(_values(advice))
        else:
            tell(
                [
                    say("Use {suggested} segments. {reason}", suggested=advice.suggested, reason=advice.reason),
                    "",
                    advice.table.round(3).to_string(),
                ]
            )


def _values(advice: Advice) -> dict[str, Any]:
    return {
        "suggested": advice.suggested,
        "natural_groups": advice.natural_groups,
        "runner_up": advice.runner_up,
        "reason": advice.reason,
        "customers": advice.customers,
        "sample_size": advice.sample_size,
        "seed": advice.seed,
        "evidence": advice.table.reset_index().to_dict("records"),
    }


COMMAND = Command(
    "advise",
    mark("Suggest how many segments to use, and say why."),
    _advise,
    ("custseg advise customers.csv", "custseg advise customers.csv --even-out --json"),
)
