"""CSV: what is written is read back exactly, and no spreadsheet runs a cell of it."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trustlog.formats import csv_file
from trustlog.formats.csv_file import COLUMNS, SKIP, BadCsvError, neutralised

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")) | st.builds(
    lambda marks, rest: marks + rest,
    st.text("'=+-@＝＋－＠\t\r\n\", ", max_size=5),
    st.text(max_size=5).filter(lambda t: "\0" not in t),
).filter(lambda text: text.isprintable() or "\ud800" not in text)


def read(text: str, **renamed: str) -> list[tuple[int, object]]:
    return list(csv_file.parse(io.StringIO(text, newline=""), renamed))


@given(st.lists(st.lists(TEXTS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=3))
@example([["'=1"] * len(COLUMNS)])
@example([["\r"] * len(COLUMNS), ["a\rb"] * len(COLUMNS), ["''''+\r\n"] * len(COLUMNS)])
@example([["=" + '🦊שלום\u202e"' * 20_000] * len(COLUMNS)])
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    text = "".join(csv_file.dump(rows))
    assert [row for _, row in read(text)] == [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@given(TEXTS)
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    assert neutralised(cell)[:1] not in tuple("=+-@\t\r\n＝＋－＠") or not cell
    assert csv_file._restored(neutralised(cell)) == cell


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠")
def test_a_cell_that_begins_with_a_sign_of_a_formula_gets_an_apostrophe(sign: str) -> None:
    for cell in (f"{sign}1+1", sign, f"'{sign}1"):
        assert neutralised(cell) == f"'{cell}"
        (_, row) = read("".join(csv_file.dump([[cell] * len(COLUMNS)])))[0]
        assert row == dict.fromkeys(COLUMNS, cell)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text)
        read("manager,note\n" + text)
    except BadCsvError as error:
        assert str(error)


def test_foreign_headers_are_mapped() -> None:
    text = "Person,Date,What happened,Mood\ndana,2026-05-01,'=x,5\n"
    found = read(text, **{"person": "manager", "Date": "when", "What happened": "note", "mood": SKIP})
    assert found == [(2, {"manager": "dana", "when": "2026-05-01", "note": "=x", "skip": "5"})]


@pytest.mark.parametrize(
    ("header", "renamed", "word"),
    [
        ("manager,note,mood", {}, '"mood"'),
        ("manager,note", {"Person": "manager"}, '"Person"'),
        ("Person,manager,note", {"Person": "manager"}, "twice"),
        ("Person,note", {"Person": "team"}, "need manager"),
        ("", {}, "need manager"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(header: str, renamed: dict[str, str], word: str) -> None:
    with pytest.raises(BadCsvError, match="line 1") as refused:
        read(f"{header}\n", **renamed)
    assert word in str(refused.value)


def test_the_refusal_names_every_foreign_header_and_the_way() -> None:
    with pytest.raises(BadCsvError) as refused:
        read("manager,Mood,note,Weather\n")
    assert str(refused.value) == 'line 1: the headers "Mood", "Weather" are not known'
    assert refused.value.hint.startswith(f"Headers are: {','.join(COLUMNS)}. ")
    assert refused.value.hint.endswith('--map "Mood=OURS", or leave it out: --map "Mood=skip".')


def test_a_spreadsheets_own_quoting_is_what_the_csv_module_expects() -> None:
    text = "".join(csv_file.dump([["a\r\nb", 'say "x"', *[""] * (len(COLUMNS) - 2)]]))
    assert next(csv.reader(io.StringIO(text.split("\n", 1)[1], newline="")))[:2] == ["a\r\nb", 'say "x"']


@pytest.mark.parametrize(
    ("header", "hint"),
    [("manager;note", "save it with commas"), ("manager\tnote", "save it with commas")],
)
def test_columns_that_are_separated_by_another_sign_are_told(header: str, hint: str) -> None:
    with pytest.raises(BadCsvError) as refused:
        read(f"{header}\n")
    assert hint in refused.value.hint
