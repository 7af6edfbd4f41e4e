"""Files that people really send: bad ones and odd ones, made here, each with what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Content = str | bytes | Callable[[], str | bytes]
NO_FEATURE = "needs at least one column of numbers that differ between customers, but there is none among"
LATE = 120_000


@dataclass(frozen=True)
class OddFile:
    """A file and its outcome: what is read of it, or the sentence (a regular expression) that refuses it.

    ``features`` gives the values of each feature, from the first customer on; ``last`` those of the last customer;
    ``roles`` those of other columns with their reasons; ``remarks`` how the file was understood.
    """

    what: str
    content: Content = field(repr=False)
    features: dict[str, list[float]] = field(default_factory=dict)
    rows: int | None = None
    last: dict[str, float] = field(default_factory=dict)
    roles: dict[str, tuple[str, str]] = field(default_factory=dict)
    identifiers: list[str] | None = None
    remarks: tuple[str, ...] = ()
    refused: str = ""
    name: str = "clients.csv"
    sheet: str | None = None

    def write(self, folder: Path) -> Path:
        """Write the file into a folder and return its path."""
        content = self.content() if callable(self.content) else self.content
        path = folder / self.name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def in_no_order(row: int) -> str:
    """Return a whole number for each row, which is not that of the row."""
    return str(row * 7 % 10_007)


def long(last: str, *, value: Callable[[int], str] = in_no_order) -> Callable[[], str]:
    """Return what makes a table of many lines, the last of which may be a surprise."""
    return lambda: "id,v,w\n" + "".join(f"c{row},{value(row)},{row % 97}\n" for row in range(LATE)) + last


SEMICOLONS, TABS, BARS = (f"Values are separated by {signs}." for signs in ("semicolons", "tabs", "bars"))
PLAIN: dict[str, list[float]] = {"v": [1, 2.5, 4]}
TWO: dict[str, list[float]] = {"v": [1.5, 3.25], "w": [2, 4.75]}
LATE_VALUES: dict[str, list[float]] = {"v": [0, 7], "w": [0, 1]}
THOUSANDS: dict[str, list[float]] = {"v": [1234.5, 2234], "w": [1.5, 2.5]}
IDENTIFIER = ("identifier", "a different value in every row")
SAME = ("ignored", "the same value in every row")
EMPTY = ("ignored", "no row has a value")
FREE = ("ignored", "free text")
DATE = ("ignored", "a date; as a feature it counts days")
TRUTH = ("category", "yes or no; as a feature it counts 1 or 0")


def as_text(cell: str, value: str) -> tuple[str, str]:
    """Return the role of a feature that came as text, by its first telling cell."""
    return "feature", f"numbers written as text; “{cell}” is read as {value}"


def ragged(line: int, values: str, row: str, expected: str = "3 values were") -> str:
    """Return the sentence about a line of another length, as a regular expression."""
    return rf"{expected} expected in line {line}, as there are column names, but got {values}: “{row}”\. Correct this"


POLISH = "klient;miasto;v\nŁukasz Wójcik;Łódź;1,5\nMałgorzata Dąbrowska;Kraków;2,5\nPaweł Zieliński;Gdańsk;4\n"
RUSSIAN = "клиент;город;v\nИванов Иван;Москва;1,5\nПетрова Анна;Новосибирск;2,5\nСидоров Олег;Казань;4\n"
GREEK = "πελάτης;πόλη;v\nΓιώργος;Αθήνα;1,5\nΜαρία;Θεσσαλονίκη;2,5\nΕλένη;Πάτρα;4\n"
JAPANESE = "顧客;都市;v\n佐藤太郎;東京;1,5\n鈴木花子;大阪;2,5\n高橋一郎;名古屋;4\n"
CHINESE = "客户;城市;v\n张伟;北京;1,5\n王芳;上海;2,5\n李娜;广州;4\n"
FRENCH = "client;ville;v\nÉlodie;Besançon;1,5\nHélène;Orléans;2,5\nFrançois;Sète;4\n"
PORTUGUESE = "cliente;cidade;v\nJoão Simões;São Paulo;1,5\nConceição;Brasília;2,5\nInês Guimarães;Évora;4\n"
SWEDISH = "kund;ort;v\nÅsa Öberg;Malmö;1,5\nBjörn Sjöström;Göteborg;2,5\nLars Åström;Luleå;4\n"
SEPARATORS = [
    OddFile("commas", "id,v\na,1\nb,2.5\nc,4\n", PLAIN, roles={"id": IDENTIFIER}, identifiers=["a", "b", "c"]),
    OddFile("semicolons", "id;v\na;1\nb;2.5\nc;4\n", PLAIN, remarks=(SEMICOLONS,)),
    OddFile("tabs", "id\tv\na\t1\nb\t2.5\nc\t4\n", PLAIN, remarks=(TABS,)),
    OddFile("bars", "id|v\na|1\nb|2.5\nc|4\n", PLAIN, remarks=(BARS,)),
    OddFile("one column", "v\n1\n\n2.5\n4\n", PLAIN),
    OddFile("the separator stated in the first line", "sep=;\r\nid;v\r\na;1\r\nb;2.5\r\nc;4\r\n", PLAIN,
            remarks=(SEMICOLONS, "1 line above the column names left out.")),
    OddFile("a separator that is none", "id::v\na::1\nb::2\n", refused=NO_FEATURE + " “id::v”"),
    OddFile("prose", "just a text\nof some lines\nand no table", refused=NO_FEATURE + " “just a text”"),
    OddFile("one word", "word", refused="holds no customers. A line of column names and one line per customer"),
]  # fmt: skip
ENCODINGS = [
    OddFile("a byte order mark", b"\xef\xbb\xbfv,w\n1.5,2\n3.25,4.75\n", TWO),
    OddFile("a byte order mark before what is not UTF-8", b"\xef\xbb\xbfid,v\n\xe4,2\nb,3\n",
            refused="text in an encoding that was not recognised"),
    *(OddFile(f"UTF-16 ({encoding})", "id,v\nGrün,1\n赤,2.5\nc,4\n".encode(encoding), PLAIN,
              identifiers=["Grün", "赤", "c"], remarks=("Read as UTF-16 text.",))
      for encoding in ("utf-16", "utf-16-le", "utf-16-be")),
    OddFile("UTF-16 cut off in a letter", "id,v\na,1\nb,2\n".encode("utf-16")[:-1], refused="was not recognised"),
    OddFile("UTF-32", "id,v\na,1\nb,2.5\nc,4\n".encode("utf-32"), PLAIN),
    OddFile("Windows-1252", "id;Größe €\nA;1,5\nÖ;2,5\n".encode("cp1252"), {"Größe €": [1.5, 2.5]},
            identifiers=["A", "Ö"], remarks=("Read as Windows-1252 text.", SEMICOLONS)),
    *(OddFile(f"{spoken} in {name}", table.encode(encoding), {"v": [1.5, 2.5, 4]},
              identifiers=[line.partition(";")[0] for line in table.splitlines()[1:]],
              remarks=(f"Read as {name} text.", SEMICOLONS))
      for spoken, table, encodings in (
          ("Polish", POLISH, {"cp1250": "Windows-1250", "iso8859_2": "ISO 8859-2"}),
          ("Russian", RUSSIAN, {"cp1251": "Windows-1251", "koi8_r": "KOI8-R"}),
          ("Greek", GREEK, {"cp1253": "Windows-1253"}),
          ("Japanese", JAPANESE, {"shift_jis": "Shift-JIS"}),
          ("Chinese", CHINESE, {"gb18030": "GB 18030"}))
      for encoding, name in encodings.items()),
    *(OddFile(f"{spoken} in Windows-1252", table.encode("cp1252"), {"v": [1.5, 2.5, 4]},
              identifiers=[line.partition(";")[0] for line in table.splitlines()[1:]],
              remarks=("Read as Windows-1252 text.", SEMICOLONS))
      for spoken, table in (("French", FRENCH), ("Portuguese", PORTUGUESE), ("Swedish", SWEDISH))),
    OddFile("bytes of no encoding", b"id,v\nA\x81b,1\nx,2\n", refused="in an encoding that was not recognised"),
    OddFile("an emoji", "🎉,v\n1.5,2\n3,3\n", {"🎉": [1.5, 3], "v": [2, 3]}),
    OddFile("a zero byte", b"id,v\na,1\nb\0,2\n", refused="but “clients.csv” is not text"),
    OddFile("a zero byte late", long("x\0,1,1\n"), refused="was not recognised"),
    OddFile("another encoding late", lambda: long("Ö,1.5,2\n")().encode("cp1252"), LATE_VALUES, LATE + 1,
            last={"v": 1.5}, remarks=("Read as Windows-1252 text.",)),
]  # fmt: skip
NUMBERS = [
    OddFile("decimal commas in a short table", "v;w\n1,5;2\n3,25;4,75\n", TWO, remarks=(SEMICOLONS,)),
    OddFile("decimal commas between quotation marks", 'v,w\n"1,5",2\n"3,25","4,75"\n', TWO),
    OddFile("thousands with commas", 'v,w\n"1,234.50",1.5\n"2,234",2.5\n', THOUSANDS,
            roles={"v": as_text("1,234.50", "1,234.5")}),
    OddFile("thousands with points", "v;w\n1.234,50;1,5\n2.234;2,5\n", THOUSANDS, remarks=(SEMICOLONS,)),
    OddFile("points that are thousands, going by another column", "v;w\n1.234;1,5\n2.234;2,5\n",
            {"v": [1234, 2234], "w": [1.5, 2.5]}, roles={"v": as_text("1.234", "1,234")}, remarks=(SEMICOLONS,)),
    OddFile("points that are decimal, going by another column", "v;w\n1.234;1.5\n2.234;2.5\n",
            {"v": [1.234, 2.234], "w": [1.5, 2.5]}, remarks=(SEMICOLONS,)),
    OddFile("nothing but points before three digits", "v;w\n1.234;7\n12.500;8\n", {"v": [1234, 12500], "w": [7, 8]},
            roles={"v": as_text("1.234", "1,234")}, remarks=(SEMICOLONS,)),
    OddFile("the same between commas", "v,w\n1.234,7\n12.500,8\n", {"v": [1.234, 12.5], "w": [7, 8]}),
    OddFile("thousands with spaces, and euros", "v;w\n1 234,50 €;1,5\n2\u202f234 €;2,5\n", THOUSANDS,
            roles={"v": as_text("1 234,50 €", "1,234.5; written with a currency")}, remarks=(SEMICOLONS,)),
    OddFile("thousands with apostrophes", "v;w\n1'234.5;1.5\n2’234;2.5\n", THOUSANDS, remarks=(SEMICOLONS,)),
    OddFile("dollars and percent", "v,w\n-$1.50,5%\n$2,7.5 %\nUSD 3,6%\n", {"v": [-1.5, 2, 3], "w": [5, 7.5, 6]},
            roles={"w": as_text("5%", "5")}),
    OddFile("signs of their own", "v,w\n−5,+1\n-3,+2\n", {"v": [-5, -3], "w": [1, 2]}),
    OddFile("exponents and bare points", "v,w\n1e3,.5\n3E-2,5.\n", {"v": [1000, 0.03], "w": [0.5, 5]}),
    OddFile("numbers grouped as nobody does", "v,w\n12 34,1\n5 6,2\n", {"w": [1, 2]}, roles={"v": IDENTIFIER}),
    OddFile("codes with leading zeros", "id,zip,v\na,01234,1\nb,04567,2\nc,04567,3\n", {"v": [1, 2, 3]},
            roles={"zip": ("ignored", "a postal code, judging by its name")}),
    OddFile("whole numbers beyond 64 bits", "v,w\n9223372036854775808,1\n2,2\n", {"v": [2.0**63, 2], "w": [1, 2]}),
    OddFile("a number beyond all", f"v,w\n1,1\n{'9' * 400},2\n",
            refused=r"“v” has an infinite value in row 2 \(customer “2”\); 1 such cell in all\. Correct these cells"),
    OddFile("inf", "v,w\n1,1\ninf,2\n3,3\n-Infinity,4\n",
            refused="“v” has an infinite value in row 2 .*; 2 such cells"),
    OddFile("texts for what is missing", "v,w\n1,NA\nn/a,2\n#N/A,NaN\n4,null\n-,5\n6,6\n7,?\n8,8\n",
            {"v": [1, nan, nan, 4, nan, 6, 7, 8], "w": [nan, 2, nan, nan, 5, 6, nan, 8]}),
    OddFile("a column of NA for the most part", "v,w\nNA,1\nNA,2\nNA,3\n4,4\n5,5\n", {"w": [1, 2, 3, 4, 5]},
            roles={"v": ("ignored", "60% missing")}),
    OddFile("a column empty for the most part", "v,w\n,1\n,2\n,3\n4,4\n5,5\n", {"w": [1, 2, 3, 4, 5]},
            roles={"v": ("ignored", "60% missing")}),
    OddFile("half a column empty", "v,w\n,1\n,2\n3,3\n4,4\n", {"v": [nan, nan, 3, 4], "w": [1, 2, 3, 4]}),
    OddFile("a text among numbers", "id,v,w\na,12,1\nb,oops,2\nc,13,3\nd,14,4\n", {"w": [1, 2, 3, 4]},
            roles={"v": ("ignored", "not only numbers: “oops” in row 2; correct or empty such cells")}),
    OddFile("words for no value among numbers", "id,v,w\na,12,1\nb,unknown,2\nc,n.a.,3\nd,14,4\ne,\u2014,5\nf,9,6\n",
            {"v": [12, nan, nan, 14, nan, 9], "w": [1, 2, 3, 4, 5, 6]}),
    OddFile("a decimal comma in one column only", 'id,v,w\na,"1,5",2.5\nb,"2,25",3.5\nc,"4,125",7.25\n',
            {"v": [1.5, 2.25, 4.125], "w": [2.5, 3.5, 7.25]}),
    OddFile("a decimal comma in one column only, between semicolons", "id;v;w\na;1,5;2.5\nb;2,25;3.5\n",
            {"v": [1.5, 2.25], "w": [2.5, 3.5]}, remarks=(SEMICOLONS,)),
    OddFile("thin spaces, currencies and percent signs",
            "id;v;w\na;US$ 1\u2009234.50;5.5\u202f%\nb;US$ 2\u2009000;6 %\n",
            {"v": [1234.5, 2000], "w": [5.5, 6]}, remarks=(SEMICOLONS,)),
    OddFile("the same number written in two ways", "v,w\n5 €,1\n5.00 €,2\n5 EUR,3\n", {"w": [1, 2, 3]},
            roles={"v": SAME}),
    OddFile("a text in a column of numbers, late", long("x,oops,5\n"), {"w": [0, 1]}, LATE + 1,
            roles={"v": ("ignored", f"not only numbers: “oops” in row {LATE + 1}; correct or empty such cells")}),
    OddFile("a number written otherwise, late", long('x,"1,500.50 €",5\n'), LATE_VALUES, LATE + 1,
            last={"v": 1500.5, "w": 5}),
    OddFile("a fraction among whole numbers, late", long("x,1.5,5\n"), LATE_VALUES, LATE + 1,
            last={"v": 1.5}),
    OddFile("a gap, late", long("x,,5\n"), LATE_VALUES, LATE + 1, last={"v": nan, "w": 5}),
    OddFile("infinity, late", long("x,inf,5\n"), refused=f"“v” has an infinite value in row {LATE + 1}"),
]  # fmt: skip
LINES = [
    OddFile("quoted line ends, separators and marks", 'id,v\n"a\nb",1\n"c, d",2.5\n"e ""f""",4\n', PLAIN,
            identifiers=["a\nb", "c, d", 'e "f"']),
    OddFile("single quotation marks", "id,v\n'a, b',1\n'c',2.5\n'd, e',4\n", PLAIN, identifiers=["a, b", "c", "d, e"]),
    OddFile("an open quotation mark", 'id,v,w\na,1,2\n"b,2,3\nc,4,5\n', refused=ragged(3, "1", '"b,2,3 c,4,5')),
    OddFile("quoted lines, late", long('"x\ny",7,5\n'), LATE_VALUES, LATE + 1, last={"v": 7}),
    OddFile("quoted lines where the first lines end", lambda: "id,v\n" + '"x\n\n\ny\n",1\n' * 40_000 + "z,2\n",
            {"v": [1, 1]}, 40_001, last={"v": 2}),
    OddFile("a line of more than a megabyte", lambda: f"id,v\na,1\n\"{'x' * 3_000_000}\",2\n",
            refused="a line is longer than 1 MB. Close the quotation mark"),
    OddFile("mixed line ends", "id,v\r\na,1\nb,2.5\rc,4\r\n", PLAIN),
    OddFile("carriage returns alone", "id,v\ra,1\rb,2.5\rc,4\r", PLAIN),
    OddFile("no end of the last line", "id,v\na,1\nb,2.5\nc,4", PLAIN),
    OddFile("blank lines", "\n\nid,v\n\na,1\n\n\nb,2.5\nc,4\n\n\n", PLAIN,
            remarks=("2 lines above the column names left out.",)),
    OddFile("lines of separators alone", "id,v\na,1\n,\nb,2.5\nc,4\n,\n,\n", PLAIN,
            remarks=("3 lines without any value left out.",)),
    OddFile("lines above the column names", "Report of customers\nMade in 2024\n\nid,v\na,1\nb,2.5\nc,4\n", PLAIN,
            remarks=("3 lines above the column names left out.",)),
    OddFile("lines above column names that are years", "Report\n\nid,2023,2024\na,1,2\nb,3,4\nc,5,7\n",
            {"2023": [1, 3, 5], "2024": [2, 4, 7]}, remarks=("2 lines above the column names left out.",)),
    OddFile("comments above the column names", "# made by us\n# in 2024\nid,v\na,1\nb,2.5\nc,4\n", PLAIN,
            remarks=("2 lines above the column names left out.",)),
    OddFile("a line too long", "id,v,w\na,1,2\nb,2,3,4\nc,4,5\n", refused=ragged(3, "4", "b,2,3,4")),
    OddFile("a line too short", "id,v,w\na,1,2\nb,2\nc,4,5\n", refused=ragged(3, "2", "b,2")),
    OddFile("a separator at the end of each line", "id,v,w\na,1,2,\nb,2,3,\n", refused=ragged(2, "4", "a,1,2,")),
    OddFile("the last lines too long", "id,v,w\na,1,2\nb,2,3\n" + "c,4,5,6\n" * 9, refused=ragged(4, "4", "c,4,5,6")),
    OddFile("a line too long below blank and quoted ones", 'id,v,w\n\n"a\nb",1,2\n\nc,2,3,4\n',
            refused=ragged(6, "4", "c,2,3,4")),
    OddFile("a line too long, late", long("x,1,2,3\n"), refused=ragged(LATE + 2, "4", "x,1,2,3")),
    OddFile("a line too short, late", long("x,1\n"), refused=ragged(LATE + 2, "2", "x,1")),
]  # fmt: skip
HEADERS = [
    OddFile("empty", "", refused="“clients.csv” is empty. A table with a line of column names"),
    OddFile("only line ends", "\n\r\n\n", refused="is empty"),
    OddFile("only a byte order mark", b"\xef\xbb\xbf", refused="is empty"),
    OddFile("only separators", ",\n,\n", refused="expected to name the columns, but it holds only “”, “”"),
    OddFile("only column names", "id,v\n", refused="The table has no customers, only column names"),
    OddFile("only column names and no line end", "id,v", refused="holds no customers"),
    OddFile("no column names", "1;2\n3;4\n5;7\n",
            refused="to name the columns, but it holds only “1”, “2”. Add a line"),
    OddFile("an empty name", "id,,v\na,5,1\nb,6,2.5\nc,7,4\n", {"column 2": [5, 6, 7], "v": [1, 2.5, 4]}),
    OddFile("an empty column at the end", "id,v,\na,1,\nb,2.5,\nc,4,\n", PLAIN, roles={"column 3": EMPTY}),
    OddFile("names that come twice", "id,v,v,id\na,1,2,3\nb,2,3,4\n", refused="“id”, “v” more than once. Rename"),
    OddFile("a very long name", f"id,{'x' * 70_000}\na,1\nb,2\n", {"x" * 70_000: [1, 2]}),
    OddFile("names with spaces", "id, total spend \na,1\nb,2\n", {" total spend ": [1, 2]}),
    OddFile("names and cells that are markup",
            "id,<script>alert(1)</script>,=cmd|'/c calc'!A0\n<img src=x onerror=alert(1)>,1,2\n=1+1,2,3\n{{7*7}},4,5\n",
            {"<script>alert(1)</script>": [1, 2, 4], "=cmd|'/c calc'!A0": [2, 3, 5]},
            identifiers=["<img src=x onerror=alert(1)>", "=1+1", "{{7*7}}"]),
    OddFile("300 columns", lambda: "\n".join(
        [",".join(f"c{place}" for place in range(300)), *(",".join([f"{row}.5"] * 300) for row in range(9))]),
        {f"c{place}": [0.5, 1.5] for place in range(40)}, 9,
        roles={"c40": ("ignored", "40 features were found before it; choose it in place of another")}),
    OddFile("nothing but constants", "v,w\n1,x\n1,x\n", refused=NO_FEATURE + " “v”, “w”"),
    OddFile("nothing but texts", "id,kind\na,x\nb,x\nc,y\n", refused=NO_FEATURE + " “id”, “kind”"),
    OddFile("one customer", "id,v\na,1\n", refused=NO_FEATURE),
    OddFile("truth values", "a,b,c,v\ntrue,yes,ja,1\nFALSE,no,nein,2\ntrue,NO,ja,4\n", {"v": [1, 2, 4]},
            roles={"a": TRUTH, "b": TRUTH, "c": TRUTH}),
    OddFile("dates", "iso,german,american,time,zone,v\n"
            "2024-01-31,31.01.2024,01/31/2024,2024-01-31 10:30,2024-01-31T10:30:00Z,1\n"
            "2024-02-01,1.2.2024,02/01/2024,2024-02-01 00:00,2024-02-01T10:30:00+01:00,2\n",
            {"v": [1, 2]}, roles=dict.fromkeys(("iso", "german", "american", "time", "zone"), DATE)),
    OddFile("a date that is none", "id,d,v\na,2024-01-31,1\nb,2024-01-32,2\nc,2024-02-01,4\n", {"v": [1, 2, 4]},
            roles={"d": FREE}),
]  # fmt: skip
NAMES = [
    OddFile(f"called {name}", "id,v\na,1\nb,2.5\nc,4\n", PLAIN, name=name)
    for name in ("a[1]*.csv", "{a,b}?.csv", "it's; DROP TABLE x.csv", "<b>ü 文.csv", "two\nlines.csv", "-x", "~.txt")
]
TEXTS = [*SEPARATORS, *ENCODINGS, *NUMBERS, *LINES, *HEADERS, *NAMES]
