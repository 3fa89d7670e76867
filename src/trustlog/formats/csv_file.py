"""Entries as CSV: a row for each, safe to open in a spreadsheet and exact to read back."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from trustlog.domain.entries import MAX_TEXT
from trustlog.domain.text import plural

COLUMNS = (
    "uid", "manager", "name", "team", "kind", "size", "when", "channel", "req", "approach", "evidence", "tags", "note",
    "did", "changed",
)  # fmt: skip
SKIP = "skip"
"""What a foreign header is mapped to when its column is to be left out."""
_FORMULA = "[=+\\-@\t\r\n＝＋－＠]"
"""What a spreadsheet may take for the beginning of a formula; some make a wide sign a plain one as they read."""


# a cell that a spreadsheet would run is kept from it by a leading apostrophe; a text that looks so gets one more
_RUNS = re.compile(f"'*{_FORMULA}")
_NEUTRALISED = re.compile(f"'+{_FORMULA}")
Row = dict[str, str]


class BadCsvError(ValueError):
    """A text that is no such CSV; the message says in which line, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class _Sink:
    """Where the csv module writes a row to; the row is taken from here."""

    def __init__(self) -> None:
        self.row = ""

    def write(self, row: str) -> None:
        self.row = row


def dump(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The header and a line for each row of cells; lines end in a newline alone."""
    sink = _Sink()
    # with CR LF as its end the csv module quotes cells that hold a lone CR, which it must
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield sink.row[:-2] + "\n"
    for row in rows:
        writer.writerow([neutralised(cell) for cell in row])
        yield sink.row[:-2] + "\n"


def parse(lines: Iterable[str], renamed: Mapping[str, str]) -> Iterator[tuple[int, Row | str]]:
    """Each row with the line it begins on; a row that does not fit the header as words about it.

    `renamed` tells which column of COLUMNS a foreign header is, or SKIP. Raises BadCsvError.
    """
    csv.field_size_limit(MAX_TEXT * 2)  # a longer cell is refused by name, not by the reader
    reader = csv.reader(lines, strict=True)
    try:
        header = _header([name.strip() for name in next(reader, [])], renamed)
        begins = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                yield begins, f"{plural(len(cells), 'cell')} under {plural(len(header), 'header')}"
            elif cells:
                restored = [_restored(cell) if cell[:1] == "'" else cell for cell in cells]
                yield begins, dict(zip(header, restored, strict=True))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadCsvError(f"line {reader.line_num}: {error}", "Save it as CSV once more.") from error
    except UnicodeDecodeError as error:
        raise BadCsvError(f"line {reader.line_num + 1} or a later one is not UTF-8", "Save it as UTF-8.") from error


def neutralised(cell: str) -> str:
    """The cell as a spreadsheet may open it."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def _restored(cell: str) -> str:
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _header(told: list[str], renamed: Mapping[str, str]) -> list[str]:
    folded = {theirs.casefold(): ours for theirs, ours in renamed.items()}
    there = {name.casefold() for name in told}
    for theirs in renamed:
        if theirs.casefold() not in there:
            raise BadCsvError(f'line 1: there is no header "{theirs}" to map', f"Headers there: {', '.join(told)}.")
    header = [folded.get(name.casefold(), name.lower()) for name in told]
    unknown = [name for name, ours in zip(told, header, strict=True) if ours not in (*COLUMNS, SKIP)]
    ours = [name for name in header if name != SKIP]
    known = f"Headers are: {','.join(COLUMNS)}."
    if unknown:
        if len(told) == 1 and any(sign in told[0] for sign in ";\t|"):
            known = "Its columns are separated by another sign; save it with commas."
        elif named := next(filter(None, unknown), ""):
            known += f' Say which of them one is: --map "{named}=OURS", or leave it out: --map "{named}={SKIP}".'
        quoted = ", ".join(f'"{name}"' for name in unknown)
        what = f"the header {quoted} is" if len(unknown) == 1 else f"the headers {quoted} are"
        raise BadCsvError(f"line 1: {what} not known", known)
    if len(set(ours)) < len(ours):
        raise BadCsvError("line 1: a header stands twice", known)
    if "manager" not in header or not {"when", "note"} & set(header):
        raise BadCsvError("line 1: the headers need manager, and when or note", known)
    return header
