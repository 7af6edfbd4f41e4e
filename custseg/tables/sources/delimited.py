"""Text tables (CSV): DuckDB finds out how they are written, Arrow reads them."""

from __future__ import annotations

import mmap
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import DataError, listed, quote
from custseg.language import mark, say, say_many
from custseg.tables.sources import SourceTable, blanks
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.tables.sources.database import connect, plain_name, sniffing
from custseg.tables.sources.limits import check_cells, check_columns
from custseg.tables.sources.stacked import line_of_second_table
from custseg.tables.sources.text import as_utf8
from custseg.tables.sources.text_header import header_of
from custseg.tables.sources.totals import without_totals
from custseg.tables.sources.whole_columns import with_whole_numbers
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import pyarrow as pa
    from pyarrow import csv

    from custseg.tables.sources.header_rows import Header

SEPARATORS = {
    ",": mark("commas"),
    ";": mark("semicolons"),
    "\t": mark("tabs"),
    "|": mark("bars"),
    blanks.SEPARATOR: mark("blanks"),
}
_SAMPLE_BYTES = 1 << 17
_LINE = re.compile(r"\r\n|\r|\n")
_NO_NAME = re.compile(r"[-+0-9.,;:\s]*")
# What Excel writes, and reads, above the column names.
_STATED_SEPARATOR = re.compile(r"\"?sep=(?P<separator>[,;\t|])\"?\n")
_QUOTATION_MARKS = "\"'"
_MOST_SKIPPED = 50
# What Arrow reads as numbers at once. All else stays text: what it means, custseg.tables.reading finds out.
_THOUSANDS = r"^\s*([-+]?([0-9]{1,3}|[1-9][0-9]{0,2}([.][0-9]{3})+))?\s*$"
_SNIFF = "SELECT Delimiter, Quote, SkipRows, Columns, DateFormat FROM sniff_csv(?, header = true, sample_size = -1)"
_SNIFF_KNOWN = _SNIFF.replace(")", ", delim = ?)")
_NUMBERS = {"BIGINT": "int64", "DOUBLE": "float64"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written: its separator, quotation mark, lines above the header, and types of its columns.

    ``names`` are given where not one line holds them; the lines that do (``header.lines``) are then skipped too.
    """

    separator: str
    quotation_mark: str
    skipped: int
    dates: str = ""
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    header: Header | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is not as everybody's."""
        notes = (
            []
            if self.separator == ","
            else [say("Values are separated by {separator}.", separator=say(SEPARATORS[self.separator]))]
        )
        above = self.skipped - (self.header.lines if self.header else 0)
        if above:
            notes.append(say("{lines} above the column names left out.", lines=count(above, "line")))
        return (*notes, *(self.header.notes if self.header else ()))


def read(path: Path, sheet: str | None = None) -> SourceTable:
    """Read a text table. Raises DataError where it is none, with the line where there is one."""
    del sheet
    with as_utf8(path) as text, blanks.with_separators(text.path, _first_lines(text.path)) as lines:
        dialect = _sniff(lines, path)
        table = _parse(lines, dialect, path)
    check_cells(table.num_rows, table.num_columns, path)
    _check_header(table.column_names, path)
    table = table.rename_columns(filled_names(table.column_names))
    filled = _without_empty_lines(table)
    notes = [*text.notes, *dialect.notes]
    if len(filled) < len(table):
        notes.append(say("{lines} without any value left out.", lines=count(len(table) - len(filled), "line")))
    customers, totals = without_totals(filled)
    return SourceTable(nw.from_native(with_whole_numbers(customers), eager_only=True), (*notes, *totals))


@contextmanager
def scan(path: Path) -> Iterator[duckdb.DuckDBPyRelation]:
    """Look at the rows, all as texts, through DuckDB. Raises DataError as ``read`` does for a line that is wrong."""
    import duckdb

    with (
        as_utf8(path) as text,
        blanks.with_separators(text.path, _first_lines(text.path)) as lines,
        connect(lines) as connection,
    ):
        dialect = _sniff(lines, path)
        try:
            # As texts: what they mean is decided for the columns that are asked for, not by the first rows.
            yield connection.read_csv(
                plain_name(lines),
                header=not dialect.names,
                names=list(dialect.names) or None,
                sep=dialect.separator,
                quotechar=dialect.quotation_mark,
                skiprows=dialect.skipped,
                all_varchar=True,
            )
        except duckdb.Error:
            _check_lines(lines, dialect, path)
            raise


@contextmanager
def batches(path: Path, rows: int) -> Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]:
    """Go through the rows in their order, all as texts. Raises DataError as ``read`` does for a line that is wrong."""
    import pyarrow as pa
    from pyarrow import csv

    del rows
    with as_utf8(path) as text, blanks.with_separators(text.path, _first_lines(text.path)) as lines:
        dialect = _sniff(lines, path)
        names = _header(lines, dialect)
        check_columns(len(names), path)
        check_names(names)
        _check_header(names, path)
        convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True)
        convert.null_values = [""]
        options = _options(dialect, quoted_lines=_holds(lines, dialect.quotation_mark))
        try:
            with csv.open_csv(lines, *options, convert) as opened:
                schema = pa.schema([(name, pa.string()) for name in filled_names(names)])
                yield schema, (batch.rename_columns(schema.names) for batch in opened)
        except pa.ArrowInvalid as problem:
            _check_lines(lines, dialect, path)
            raise _not_a_table(lines, dialect, path, problem) from problem


def _check_lines(path: Path, dialect: Dialect, original: Path) -> None:
    """Raise DataError for the first line that has not as many values as there are column names, where Arrow finds one.

    DuckDB's own account of rejected lines doesn't count blank ones, and takes a separator at the end of each line.
    """
    import pyarrow as pa
    from pyarrow import csv

    try:
        for _ in csv.open_csv(path, *_options(dialect, quoted_lines=True, invalid_row_handler=lambda _: "error")):
            pass
    except pa.ArrowInvalid as problem:
        raise _not_a_table(path, dialect, original, problem) from problem


def _sniff(path: Path, original: Path) -> Dialect:
    """Let DuckDB find out how the first lines are written."""
    sample = _first_lines(path)
    # Before DuckDB looks at them, which takes minutes where there are tens of thousands.
    check_columns(_columns_in(sample), original)
    stated = _STATED_SEPARATOR.match(sample)
    if stated:
        dialect = _named(sample[stated.end() :], original, stated["separator"])
        dialect = replace(dialect, skipped=dialect.skipped + 1)
    else:
        dialect = _named(sample, original, _separator_in(sample))
    second = line_of_second_table(path, dialect.skipped + 1, dialect.separator, dialect.quotation_mark)
    if second is not None:
        msg = say(
            "{name} holds more than one table: another begins in line {second}. Save each in a file of "
            "its own, and choose one of them.",
            name=quote(original.name),
            second=second,
        )
        raise DataError(msg)
    return dialect


def _named(sample: str, original: Path, separator: str | None) -> Dialect:
    """Find out how the first lines are written, and which of them name the columns."""
    dialect = _sniff_lines(sample, original, separator)
    found = header_of(_without_lines(sample, dialect.skipped), dialect.separator, dialect.quotation_mark)
    if found is None:
        return dialect
    header, ends = found
    if header.above:
        # Notes that are as wide as the table, which spreadsheets write.
        skipped = dialect.skipped + ends[header.above]
        below = _sniff_lines(_without_lines(sample, skipped), original, separator)
        dialect = replace(below, skipped=skipped + below.skipped)
    if header.lines == 1:
        return dialect
    skipped = dialect.skipped + ends[header.above + header.lines] - ends[header.above]
    types = _sniff_lines(_without_lines(sample, max(skipped - 1, 0)), original, separator).types
    return replace(dialect, skipped=skipped, types=types, names=tuple(filled_names(header.names)), header=header)


def _without_lines(sample: str, number: int) -> str:
    return sample.split("\n", number)[-1]


def _sniff_lines(sample: str, original: Path, separator: str | None) -> Dialect:
    import duckdb

    with sniffing(sample) as (connection, file):
        try:
            # No sniffer tries the sign that stands for blanks.
            dialect = _sniffed(connection, file, separator if separator == blanks.SEPARATOR else None)
            if dialect.skipped and separator not in (None, dialect.separator):
                # Decimal commas in all lines of a short table look like a separator too, but not in the header.
                dialect = _sniffed_with(connection, file, separator) or dialect
        except duckdb.Error as problem:
            if separator is None:
                msg = say(
                    "{name} cannot be read as a table: no separator was found that all lines share. Save it as "
                    "CSV, with commas or semicolons between the values.",
                    name=quote(original.name),
                )
                raise DataError(msg) from problem
            return Dialect(separator, '"', 0)
    if len(dialect.types) == 1 and separator is not None:
        # Lines of different lengths make DuckDB see one column. Arrow then says which line is wrong.
        return replace(dialect, separator=separator, types=())
    separator = separator or dialect.separator
    if dialect.skipped and not _leaves_out_no_customers(sample, dialect, separator):
        return replace(dialect, separator=separator, skipped=0, types=())
    return dialect


def _leaves_out_no_customers(sample: str, dialect: Dialect, separator: str) -> bool:
    """Whether the lines above the header are no part of the table, cut off from it by a line of another length."""
    lines = sample.split("\n")
    first, header = lines[0].split(separator), lines[dialect.skipped].split(dialect.separator)
    return dialect.skipped <= _MOST_SKIPPED and not (
        len(first) > 1 and _all_named(first) and not (len(header) > 1 and _all_named(header))
    )


def _all_named(names: list[str]) -> bool:
    return not any(_NO_NAME.fullmatch(name.strip(_QUOTATION_MARKS)) for name in names)


def _sniffed_with(connection: duckdb.DuckDBPyConnection, file: Path, separator: str) -> Dialect | None:
    """Return how the lines are written if they are a table with that separator from the first line on, else None."""
    import duckdb

    try:
        dialect = _sniffed(connection, file, separator)
    except duckdb.Error:
        return None
    return None if dialect.skipped or len(dialect.types) == 1 else dialect


def _sniffed(connection: duckdb.DuckDBPyConnection, file: Path, known: str | None = None) -> Dialect:
    query, values = (_SNIFF, [str(file)]) if known is None else (_SNIFF_KNOWN, [str(file), known])
    ((separator, mark, skipped, columns, dates),) = connection.execute(query, values).fetchall()
    # No quotation mark in the first lines doesn't mean that there is none later.
    types = tuple(column["type"] for column in columns)
    return Dialect(separator, mark if len(mark) == 1 else '"', skipped, dates or "", types)


def _first_lines(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
        whole = len(start) < _SAMPLE_BYTES
    text = start.decode("utf-8-sig", errors="ignore")
    # One kind of line end, since DuckDB takes only one and Arrow takes all.
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines if whole else lines[: lines.rfind("\n") + 1] or lines


def _separator_in(sample: str) -> str | None:
    header = _first_line(sample)
    most = max(SEPARATORS, key=header.count)
    return most if most in header else None


def _columns_in(sample: str) -> int:
    separator = _separator_in(sample)
    return 1 if separator is None else _first_line(sample).count(separator) + 1


def _first_line(sample: str) -> str:
    return sample.lstrip("\n").partition("\n")[0]


def _parse(path: Path, dialect: Dialect, original: Path) -> pa.Table:
    import pyarrow as pa

    numbers = [position for position, kind in enumerate(dialect.types) if kind in _NUMBERS]
    try:
        names = _header(path, dialect)
        check_columns(len(names), original)
        check_names(names)
        if dialect.separator != "," and _all_may_be_thousands(path, dialect, names):
            numbers = [position for position in numbers if dialect.types[position] != "DOUBLE"]
        return _parse_with(
            path, dialect, {names[position]: _NUMBERS[dialect.types[position]] for position in numbers}, names
        )
    except pa.ArrowInvalid as problem:
        if "conversion error" not in str(problem):
            raise _not_a_table(path, dialect, original, problem) from problem
    # A column that began with numbers goes on with something else, so that all are read as they are written.
    table = _parse_with(path, dialect, {}, names)
    for position in numbers:
        table = _with_numbers(table, position, _NUMBERS[dialect.types[position]])
    return table


def _header(path: Path, dialect: Dialect) -> list[str]:
    """Return the names as they are written; DuckDB changes those that are empty or repeated."""
    from pyarrow import csv

    lines = BytesIO(_first_lines(path).encode("utf-8"))
    # The last of the first lines may end within quotation marks.
    options = _options(dialect, quoted_lines=True, invalid_row_handler=lambda _: "skip")
    return list(csv.open_csv(lines, *options).schema.names)


def _all_may_be_thousands(path: Path, dialect: Dialect, names: list[str]) -> bool:
    """Whether no number shows that its point is a decimal one, as 12.5 does; 1.234 may be a thousand and more."""
    import pyarrow as pa
    from pyarrow import compute, csv

    lines = BytesIO(_first_lines(path).encode("utf-8"))
    options = _options(dialect, quoted_lines=True, invalid_row_handler=lambda _: "skip")
    convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    rows = csv.read_csv(lines, *options, convert)
    decimal = [rows.column(position) for position, kind in enumerate(dialect.types) if kind == "DOUBLE"]
    return all(compute.all(compute.match_substring_regex(texts, _THOUSANDS)).as_py() for texts in decimal)


def _parse_with(path: Path, dialect: Dialect, numbers: dict[str, str], names: list[str]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    types = {name: pa.type_for_alias(numbers.get(name, "string")) for name in names}
    # Only an empty cell is missing here. What else stands for no value, custseg.tables.text_cells knows.
    convert = csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True)
    return csv.read_csv(path, *_options(dialect, quoted_lines=_holds(path, dialect.quotation_mark)), convert)


def _options(dialect: Dialect, *, quoted_lines: bool, **more: Any) -> tuple[csv.ReadOptions, csv.ParseOptions]:
    from pyarrow import csv

    return (
        # Only one thread counts the lines, for whoever asks for the wrong ones.
        csv.ReadOptions(skip_rows=dialect.skipped, use_threads=not more, column_names=list(dialect.names) or None),
        csv.ParseOptions(
            delimiter=dialect.separator, quote_char=dialect.quotation_mark, newlines_in_values=quoted_lines, **more
        ),
    )


def _check_header(names: list[str], original: Path) -> None:
    if all(_NO_NAME.fullmatch(name) for name in names):
        msg = say(
            "The first line of {name} was expected to name the columns, but it holds only {names}. Add a "
            "line of column names above it.",
            name=quote(original.name),
            names=listed(names),
        )
        raise DataError(msg)


def _holds(path: Path, character: str) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(character.encode()) >= 0


def _with_numbers(table: pa.Table, position: int, kind: str) -> pa.Table:
    """Turn a column of texts into numbers where every text is one."""
    import pyarrow as pa

    try:
        values = table.column(position).cast(pa.type_for_alias(kind))
    except pa.ArrowInvalid:
        return table
    return table.set_column(position, table.column_names[position], values)


def _without_empty_lines(table: pa.Table) -> pa.Table:
    """Leave out the lines of separators alone that spreadsheets write below a table."""
    from pyarrow import compute

    empty: Any = True
    for column in table.columns:
        if not column.null_count:
            return table
        empty = compute.and_(column.is_null(), empty)
    return table.filter(compute.invert(empty)) if table.num_columns else table


def _line_of(row: str, path: Path) -> int | None:
    """Return in which line a row begins that has another length than all before it; Arrow doesn't count blank lines."""
    first = _LINE.split(row, maxsplit=1)[0]
    with path.open(encoding="utf-8-sig") as file:
        return next((number for number, line in enumerate(file, start=1) if line.rstrip("\n") == first), None)


def _not_a_table(path: Path, dialect: Dialect, original: Path, problem: Exception) -> DataError:
    """Say in which line the first row of another length is."""
    import pyarrow as pa
    from pyarrow import csv

    wrong: list[Any] = []

    def remember(row: Any) -> str:
        wrong.append(row)
        return "error"

    try:
        csv.read_csv(path, *_options(dialect, quoted_lines=True, invalid_row_handler=remember))
    except pa.ArrowInvalid as again:
        problem = again
    name = quote(original.name)
    if "Empty CSV" in str(problem):
        return DataError(
            say("{name} holds no customers. A line of column names and one line per customer were expected.", name=name)
        )
    if "straddling" in str(problem):
        return DataError(
            say(
                "{name} cannot be read as a CSV table: a line is longer than 1 MB. Close the quotation mark "
                "that is open, or shorten this line.",
                name=name,
            )
        )
    if not wrong or wrong[0].number is None:
        return DataError(
            say(
                "{name} cannot be read as a CSV table: {why}. Each line needs as many values as "
                "there are column names.",
                name=name,
                why=quote(str(problem).removeprefix("CSV parse error: ")),
            )
        )
    row = wrong[0]
    return _of_another_length(row, _line_of(row.text, path) or row.number + dialect.skipped, name)


def _of_another_length(row: Any, line: int, name: str) -> DataError:
    return DataError(
        say_many(
            "{name} cannot be read as a CSV table: {quantity:,} value was expected in line {line}, as there are column "
            "names, but got {found}: {text}. Correct this line.",
            "{name} cannot be read as a CSV table: {quantity:,} values were expected in line {line}, as there are "
            "column names, but got {found}: {text}. Correct this line.",
            row.expected_columns,
            name=name,
            line=line,
            found=row.actual_columns,
            text=quote(row.text),
        )
    )
