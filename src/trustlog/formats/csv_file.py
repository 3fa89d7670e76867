"""Entries as CSV: a row for each, safe to open in a spreadsheet and exact to read back."""

import csv
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from trustlog.domain.people import folded
from trustlog.domain.text import MAX_TEXT, plural

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


class _Lines:
    """What is written to it is what `writerow` gives back."""

    def write(self, line: str) -> str:
        return line.removesuffix("\r\n") + "\n"


def dump(rows: Iterable[Mapping[str, str | None]]) -> Iterator[str]:
    """The header and a line for each row, its cells by COLUMNS; lines end in a newline alone."""
    # with CR LF as its end the csv module quotes cells that hold a lone CR, which it must
    writer = csv.writer(_Lines(), lineterminator="\r\n")
    yield writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow([neutralised(row[column] or "") for column in COLUMNS])


def parse(lines: Iterable[str], renamed: Mapping[str, str]) -> Iterator[tuple[int, Row | str]]:
    """Each row with the line it begins on; a row that does not fit the header as words about it.

    Rows and columns of nothing, which spreadsheets leave behind, are passed over; of a row that is shorter than the
    header, what is missing is not said. `renamed` tells which column of COLUMNS a foreign header is, or SKIP.
    Raises BadCsvError.
    """
    csv.field_size_limit(MAX_TEXT * 2)  # a longer cell is refused by name, not by the reader
    sheet = _Sheet(lines)
    try:
        begins, told = next(sheet.rows, (1, []))
        header = _header(begins, [" ".join(name.split()) for name in told], renamed)
        for begins, cells in sheet.rows:
            yield begins, _row(header, cells)
    except csv.Error as error:
        raise BadCsvError(f"line {sheet.line}: {error}", "Save it as CSV once more.") from error
    except UnicodeDecodeError as error:
        form = "UTF-16" if "16" in error.encoding else "UTF-8"
        raise BadCsvError(f"line {sheet.line + 1} or a later one is not {form}", "Save it as UTF-8.") from error


class _Sheet:
    """The rows of a file that hold something, with the lines they begin on, whatever sign separates their cells."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._reader = csv.reader(())
        self._above = 0
        """How many lines stand above those of the reader."""
        self.rows = self._rows()

    @property
    def line(self) -> int:
        return self._above + self._reader.line_num

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        first, said = "", ""
        for first in self._lines:
            if found := _SAID.fullmatch(first.strip("\ufeff \r\n")):
                said = found[1]
            elif any(one not in f'{_SIGNS}"' and not one.isspace() for one in first):
                break
            self._above += 1
        else:
            return
        self._reader = csv.reader(chain([first], self._lines), delimiter=said or _separator(first), strict=True)
        begins = self.line + 1
        for cells in self._reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield begins, cells
            begins = self.line + 1


_SIGNS = ",;\t|"
_SAID = re.compile(r'"?sep=([^"\w\s]|\t)"?', re.IGNORECASE)
"""What Excel reads, and some programs write, as a first line of its own."""


def _separator(header: str) -> str:
    """The sign between the headers: the one that makes most headers of ours, else most headers at all.

    A spreadsheet writes the one of its country, a semicolon where a comma stands in numbers.
    """

    def fit(sign: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=sign), [])
        return sum(name.strip().lower() in COLUMNS for name in names), len(names)

    return max(_SIGNS, key=fit)


def _row(header: list[str], cells: list[str]) -> Row | str:
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(header) or len(cells) <= header.index("manager"):
        return f"{plural(len(cells), 'cell')} under {plural(len(header), 'header')}"
    for at, name in enumerate(header[: len(cells)]):
        if not name and cells[at].strip():
            return f'cell {at + 1} has no header: give it one, or leave such cells out with --map "={SKIP}"'
    restored = [_restored(cell) if cell[:1] == "'" else cell for cell in cells]
    return dict(zip(header, restored, strict=False))  # spreadsheets end a row where the rest of it is empty


def neutralised(cell: str) -> str:
    """The cell as a spreadsheet may open it."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def _restored(cell: str) -> str:
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _header(line: int, told: list[str], renamed: Mapping[str, str]) -> list[str]:
    """The columns of ours that the headers are; an empty text for a header that is none. Raises BadCsvError."""
    ours = {folded(theirs): column for theirs, column in renamed.items()}
    there = {folded(name) for name in told}
    for theirs in renamed:
        if folded(theirs) not in there:
            names = ", ".join(filter(None, told))
            raise BadCsvError(f'line {line}: there is no header "{theirs}" to map', f"Headers there: {names}.")
    header = [ours.get(folded(name), name.lower()) for name in told]
    unknown = [name for name, column in zip(told, header, strict=True) if column not in (*COLUMNS, SKIP, "")]
    known = f"Headers are: {','.join(COLUMNS)}."
    if unknown:
        way = f"{_map(unknown[0], 'OURS')}, or leave it out: {_map(unknown[0], SKIP)}"
        quoted = ", ".join(f'"{name}"' for name in unknown)
        what = f"the header {quoted} is" if len(unknown) == 1 else f"the headers {quoted} are"
        raise BadCsvError(f"line {line}: {what} not known", f"{known} Say which of them one is: {way}.")
    for column in COLUMNS:
        twice = [name for name, found in zip(told, header, strict=True) if found == column]
        if len(twice) > 1:
            foreign = next((name for name in twice if len({folded(one) for one in twice}) > 1), "")
            way = f"Leave one out: {_map(foreign, SKIP)}." if foreign else "Give one of them another name in the file."
            raise BadCsvError(f'line {line}: a header stands twice: "{column}"', way)
    if "manager" not in header or not {"when", "note"} & set(header):
        raise BadCsvError(f"line {line}: the headers need manager, and when or note", known)
    return header


def _map(theirs: str, ours: str) -> str:
    """The option that a shell takes as it stands here."""
    plain = not set(theirs) & set('"$`\\!')
    return f'--map "{theirs}={ours}"' if plain else f"--map {shlex.quote(f'{theirs}={ours}')}"
