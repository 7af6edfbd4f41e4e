"""The words of each segment: headline, facts and conclusion, all detail folded, with what each statement rests on."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say
from custseg.narrative.interpretation import EXCEPTIONAL, folded
from custseg.panes.base.claims_markup import claim_html, marked_html
from custseg.panes.base.part import Part
from custseg.panes.base.style import TEXT_STYLE, WORDS_STYLE
from custseg.wording import escape_markdown, markdown_as_html

if TYPE_CHECKING:
    from custseg.narrative.claims import Phrase, Sentence
    from custseg.narrative.interpretation import Interpretation
    from custseg.session.model import SegmentationModel

BEFORE_THE_FIRST_RUN = mark("Choose how many segments you want, then press **Run clustering** to see who buys alike.")


class Words(Part):
    """The interpretation of the last result in Markdown, and below it all its evidence."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        # All that comes from a table is escaped, so that the only HTML is what marks a statement. A Markdown pane would
        # look for mathematics in it, in attributes too, and MathJax does what it says.
        self._text, self._evidence = (pn.pane.HTML("", stylesheets=[TEXT_STYLE, WORDS_STYLE], **wide) for _ in range(2))
        self._layout = pn.Column(self._text, self._evidence, **wide)
        self._tell()
        self.watch(self._tell, "run", "names")

    def _tell(self, *_: frozenset[str]) -> None:
        words = self.model.words
        self._text.object = markdown_as_html(say(BEFORE_THE_FIRST_RUN) if words is None else words_markdown(words))
        self._evidence.object = "" if words is None else evidence_html(words)


def words_markdown(words: Interpretation) -> str:
    """Write what each segment is, with the evidence of each statement for who points at it; detail is folded."""
    parts = []
    for position, name in enumerate(words.names):
        parts.append(
            say(
                "**Segment {position}: {name}.** {headline_phrases}",
                position=position + 1,
                name=escape_markdown(name),
                headline_phrases=_marked(words.headline_phrases[position]),
            )
        )
        parts += [f"*{escape_markdown(remark)}*" for remark in words.remarks(position + 1)]
        parts.append("\n".join(f"- {_marked(fact)}" for fact in words.fact_phrases[position]))
        parts.append(_marked(words.conclusion_phrases[position]))
        parts.append(folded(position + 1, [_marked(words.paragraphs[position])]))
    if words.exceptional:
        parts.append(f"**{say(EXCEPTIONAL)}.** {escape_markdown(words.exceptional)}")
    return "\n\n".join([*parts, say("**What to do with this.** {guidance}", guidance=words.guidance)])


def _marked(phrases: Sentence) -> str:
    return "".join(_phrase(phrase) for phrase in phrases)


def _phrase(phrase: Phrase) -> str:
    # Spaces at an edge are taken off by the escaping.
    inner = phrase.text.strip()
    before, after = (
        phrase.text[: len(phrase.text) - len(phrase.text.lstrip())],
        phrase.text[len(phrase.text.rstrip()) :],
    )
    text = f"{before}{escape_markdown(inner)}{after if inner else ''}"
    return text if phrase.claim is None else claim_html(text, phrase.claim.evidence)


def evidence_html(words: Interpretation, *, in_full: bool = False) -> str:
    """List what every statement rests on, for who can't point at it, and for paper; ``in_full`` with all detail."""
    lists = []
    for position, name in enumerate(words.names, start=1):
        rows = "".join(f"<li>{html.escape(claim.evidence)}</li>" for claim in words.claims if claim.segment == position)
        paragraph = f"<p>{marked_html(words.paragraphs[position - 1])}</p>" if in_full else ""
        lists.append(f"<h3>{position} {html.escape(name)}</h3>{paragraph}<ul>{rows}</ul>")
    if words.categories:
        rows = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in words.categories)
        lists.append(f"<h3>{say('Categories of the table')}</h3><ul>{rows}</ul>")
    guidance = f"<p>{html.escape(words.guidance)}</p>" if in_full else ""
    return (
        f'<details><summary>{say("The numbers behind these words")}</summary>{guidance}<p class="note">'
        f"{say('You can also point at a statement to see its own.')}</p>{''.join(lists)}</details>"
    )
