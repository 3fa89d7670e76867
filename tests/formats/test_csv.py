"""CSV: what is written is read back exactly, and no spreadsheet runs a cell of it."""

import csv
import io
import re
import shlex

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


ROWS = st.lists(TEXTS, min_size=len(COLUMNS), max_size=len(COLUMNS)).filter(lambda row: any(map(str.strip, row)))


@given(st.lists(ROWS, max_size=3))
@example([["'=1"] * len(COLUMNS)])
@example([["\r"] * len(COLUMNS), ["a\rb"] * len(COLUMNS), ["''''+\r\n"] * len(COLUMNS)])
@example([["=" + '🦊שלום\u202e"' * 20_000] * len(COLUMNS)])
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    text = "".join(csv_file.dump(named))
    assert [row for _, row in read(text)] == named


@given(TEXTS)
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    assert neutralised(cell)[:1] not in tuple("=+-@\t\r\n＝＋－＠") or not cell
    assert csv_file._restored(neutralised(cell)) == cell


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠")
def test_a_cell_that_begins_with_a_sign_of_a_formula_gets_an_apostrophe(sign: str) -> None:
    for cell in (f"{sign}1+1", sign, f"'{sign}1"):
        assert neutralised(cell) == f"'{cell}"
        (_, row) = read("".join(csv_file.dump([dict.fromkeys(COLUMNS, cell)])))[0]
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
    text = "".join(csv_file.dump([dict.fromkeys(COLUMNS) | {"uid": "a\r\nb", "manager": 'say "x"'}]))
    assert next(csv.reader(io.StringIO(text.split("\n", 1)[1], newline="")))[:2] == ["a\r\nb", 'say "x"']


SEPARATED = [
    ("manager;note\ndana;a, b\n", 2),
    ("manager\tnote\r\ndana\ta, b\r\n", 2),
    ("manager|note\ndana|a, b\n", 2),
    ('"manager","note"\n"dana","a, b"\n', 2),
    ("sep=;\r\nmanager;note\r\ndana;a, b\r\n", 3),
    ('"sep=,"\nmanager,note\ndana,"a, b"\n', 3),
    ("SEP=\t\nmanager\tnote\ndana\ta, b\n", 3),
    ("sep=^\nmanager^note\ndana^a, b\n", 3),
    ('\n,,\n" ",\xa0,\nmanager,note,\ndana,"a, b",\n', 5),
    ("Manager ;NOTE;;\n;;;\ndana;a, b;;;;\n", 3),
]


@pytest.mark.parametrize(("text", "line"), SEPARATED)
def test_a_spreadsheet_of_any_country_is_read(text: str, line: int) -> None:
    ((begins, row),) = read(text)
    assert isinstance(row, dict)
    assert (begins, row["manager"], row["note"]) == (line, "dana", "a, b")


def test_a_foreign_header_decides_its_separator_by_how_many_there_are() -> None:
    text = "Person; Was, genau;Datum\ndana;hi;2026-05-01\n"
    assert read(text, Person="manager", **{"Was,  genau": "note"}, Datum="when")[0][1] == {
        "manager": "dana", "note": "hi", "when": "2026-05-01",
    }  # fmt: skip


def test_empty_rows_columns_and_the_end_of_a_row_are_passed_over() -> None:
    text = "manager,when,note,,\n,,,,\ndana,2026-05-01,hi,,,,\n\n\xa0, ,\n dana,2026-05-02\n"
    assert [(line, dict(row) if isinstance(row, dict) else row) for line, row in read(text)] == [
        (3, {"manager": "dana", "when": "2026-05-01", "note": "hi", "": ""}),
        (6, {"manager": " dana", "when": "2026-05-02"}),
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("dana,hi,stray\n", 'cell 3 has no header: give it one, or leave such cells out with --map "=skip"'),
        ("dana,hi,,stray\n", "4 cells under 3 headers"),
    ],
)
def test_a_cell_that_stands_under_no_header_is_refused(rows: str, said: str) -> None:
    assert read("manager,note,\n" + rows) == [(2, said)]


def test_cells_without_a_header_are_left_out_when_told() -> None:
    assert read("manager,note,\ndana,hi,stray\n", **{"": SKIP}) == [
        (2, {"manager": "dana", "note": "hi", "skip": "stray"})
    ]


def test_a_row_that_ends_before_its_manager_is_refused() -> None:
    assert read("note,manager\nhi\n") == [(2, "1 cell under 2 headers")]


@pytest.mark.parametrize(
    ("text", "line"), [("\n\nmanager,mood\n", 3), ("sep=;\nmanager;mood\n", 2), ('sep=;\nmanager;"open\n', 2)]
)
def test_a_refusal_names_the_line_of_the_file(text: str, line: int) -> None:
    with pytest.raises(BadCsvError, match=f"line {line}:"):
        read(text)


HEADERS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=12)


@given(HEADERS)
@example('say "x"')
@example("$HOME `x`")
@example("a=b")
@example("two\nlines")
def test_the_advice_about_a_foreign_header_works_as_it_is_printed(header: str) -> None:
    quoted = '"' + header.replace('"', '""') + '"'
    text = f"manager,note,{quoted}\ndana,hi,x\n"
    try:
        read(text)
    except BadCsvError as refused:
        found = re.search(r"or leave it out: (--map .*)\.$", refused.hint, re.DOTALL)
        if found is None:
            return
        option, mapping = shlex.split(found[1])
        theirs, _, ours = mapping.rpartition("=")
        assert (option, ours) == ("--map", SKIP)
        (row,) = read(text, **{theirs: ours})
        assert row[1] == {"manager": "dana", "note": "hi", "skip": "x"}


def test_a_header_that_stands_twice_is_told_with_the_way_out() -> None:
    with pytest.raises(BadCsvError) as refused:
        read("Person,manager,note\n", Person="manager")
    assert 'twice: "manager"' in str(refused.value)
    assert read("Person,manager,note\nlee,dana,hi\n", Person=SKIP)[0][1] == {
        "skip": "lee", "manager": "dana", "note": "hi",
    }  # fmt: skip
    with pytest.raises(BadCsvError) as refused:
        read("manager,note,Note\n")
    assert "another name" in refused.value.hint
