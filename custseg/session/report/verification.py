"""Check a report against the customers that it says it is of: each figure and each sentence is made anew."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from custseg.display import show
from custseg.errors import DataError, SettingError, listed
from custseg.language import mark, say, say_many, spoken
from custseg.session.replay import with_meaning
from custseg.session.report.checks import Check, compare_documents
from custseg.session.report.make import make_document
from custseg.session.report.report_file import read_report
from custseg.session.run_result import run_pipeline
from custseg.session.run_settings import RunSettings
from custseg.settings import check_least
from custseg.tables.table import CustomerTable

if TYPE_CHECKING:
    from datetime import datetime
    from os import PathLike

    from custseg.session.report.document import ReportDocument
    from custseg.session.report.report_file import ReportFile

# So many passages of a page that was changed are told, with so many words around each.
_MOST_PASSAGES, _WORDS_AROUND = 5, 6
_PAGE = mark("The words of the page")
_OTHER = mark("The report is of other customers than these, or their columns mean something else here.")


@dataclass(frozen=True)
class Verification:
    """What became of a report that was made anew.

    Attributes
    ----------
    title, made
        What the report is called, and when it says it was made.
    same_customers
        Whether the features of the customers are those that the report was made of, to the last digit and in order.
    checks
        Each figure and sentence: what the report says, what comes of these customers, and whether that is the same.
    versions
        Which versions were others then: the name of each, that one, and the one now.

    """

    title: str
    made: datetime
    same_customers: bool
    checks: tuple[Check, ...]
    versions: tuple[tuple[str, str, str], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything that the report says holds."""
        return self.same_customers and not self.failed

    @property
    def failed(self) -> tuple[Check, ...]:
        """What does not hold."""
        return tuple(check for check in self.checks if not check.holds)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in sentences, the most important first."""
        many, wrong = len(self.checks), len(self.failed)
        said = [] if self.same_customers else [say(_OTHER)]
        if wrong:
            said.append(
                say_many(
                    "{quantity:,} of {many:,} figures and sentences does not hold:",
                    "{quantity:,} of {many:,} figures and sentences do not hold:",
                    wrong,
                    many=many,
                )
            )
            said += [check.sentence for check in self.failed]
            others = [
                say("{name} {then} (now {now})", name=name, then=then, now=now) for name, then, now in self.versions
            ]
            if others:
                said.append(
                    say(
                        "It was made with other versions, which may give other figures: {versions}.",
                        versions=", ".join(others),
                    )
                )
        else:
            said.append(say("All {many:,} figures and sentences hold.", many=many))
        return tuple(said)

    def __str__(self) -> str:
        """Return the sentences, a line each."""
        return "\n".join(self.sentences)


def verify(report: str | PathLike[str], customers: object) -> Verification:
    """Make every figure and sentence of a saved report anew, and say which of them hold.

    Names of segments may be a person's, and are not checked; nor is what a report with customers tells beyond its
    document, but whether its words were changed.

    Parameters
    ----------
    report
        The HTML file, as ``save_html`` wrote it.
    customers
        The customers that it is of: anything that ``CustomerTable.read`` takes, or a ``CustomerTable``.

    Raises
    ------
    DataError
        The file is no report, or the table can't be one that it is of.

    """
    held = read_report(report)
    with spoken(held.document.language):
        table = _understood(CustomerTable.read(customers), held.document)
        again = _again(table, held.document)
        checks = (*compare_documents(held.document, again), *_words(held))
    versions = tuple(
        (name, then, again.versions[name])
        for name, then in held.document.versions.items()
        if again.versions.get(name, then) != then
    )
    same = held.document.fingerprint == again.fingerprint
    return Verification(held.document.title, held.document.made, same, checks, versions)


def _understood(table: CustomerTable, document: ReportDocument) -> CustomerTable:
    """Return a table whose columns mean what a report says."""
    compared = dict.fromkeys((*document.how.features, *(column.name for column in document.columns)))
    absent = [name for name in compared if name not in {column.name for column in table.columns}]
    if absent:
        msg = say("The report is of another table: this one has no {names}.", names=listed(absent))
        raise DataError(msg)
    return with_meaning(table, document.how)[0]


def _again(table: CustomerTable, document: ReportDocument) -> ReportDocument:
    """Make the document anew."""
    how = document.how
    axes = (
        document.columns[min(document.x, len(document.columns) - 1)],
        document.columns[min(document.y, len(document.columns) - 1)],
    )
    try:
        least = document.least if document.customers else check_least(document.least)
        settings = RunSettings(how.features, how.k, None if how.random_start else how.seed, how.steps.recipe, how.book)
        outcome = run_pipeline(table, None, 1, settings, drawn=how.seed if how.random_start else None)
        return make_document(
            outcome, customers=document.customers, least=least, axes=(axes[0].name, axes[1].name), made=document.made
        )
    except SettingError as problem:
        msg = say("What the report says of itself cannot be made of these customers: {problem}", problem=problem)
        raise DataError(msg) from problem


def _words(held: ReportFile) -> list[Check]:
    """Check that the page says what its document says; of a report with customers, that its words were not changed."""
    if held.document.customers:
        return [Check(say(_PAGE), say("changed"), say("as they were made"), holds=held.words_are_those)]
    told: str = show(held.document, "words")
    if told == held.words:
        return [Check(say(_PAGE), "", "", holds=True)]
    ours, theirs = told.split(), held.words.split()
    changes = [code for code in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes() if code[0] != "equal"]
    return [
        Check(say(_PAGE), _passage(theirs, *code[1:3]), _passage(ours, *code[3:5]), holds=False)
        for code in changes[:_MOST_PASSAGES]
    ]


def _passage(words: list[str], begin: int, end: int) -> str:
    return " ".join(words[max(0, begin - _WORDS_AROUND) : end + _WORDS_AROUND])
