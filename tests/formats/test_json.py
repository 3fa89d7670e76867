"""The lossless document: dump and parse are each other's mirror, whatever the pieces."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trustlog.formats import json_file
from trustlog.formats.json_file import BadDocumentError, Pieces
from trustlog.formats.shapes import SECTIONS

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def cut(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@given(st.lists(st.lists(VALUES, max_size=3), min_size=len(SECTIONS), max_size=len(SECTIONS)), st.integers(1, 70))
@pytest.mark.long
def test_what_is_written_is_read_back_from_any_pieces(rows: list[list[Any]], size: int) -> None:
    named = [(section.name, values) for section, values in zip(SECTIONS, rows, strict=True)]
    text = "".join(json_file.dump(named, private=True))
    assert json.loads(text) == {"format": "trustlog-export/1", "reflections": True, **dict(named)}
    told = [("", 0, True), *((name, number, one) for name, values in named for number, one in enumerate(values))]
    assert list(json_file.parse(cut(text, size))) == told
    shuffled = json.dumps(dict(reversed(json.loads(text).items())), indent=1)
    assert list(json_file.parse(cut(shuffled, size))) == told


@given(TEXTS)
@example("\x1b[31m\x7f\x85\u202e\u2028\ud83e")
def test_a_text_is_one_line_without_control_characters(text: str) -> None:
    written = json_file.encoded(text)
    assert json.loads(written) == text
    assert [one for one in written if ord(one) < 32 or 127 <= ord(one) < 160 or one in "\u202e\u2028"] == []


@given(st.text(max_size=80), st.integers(1, 9))
@example('{"format": 1e999', 3)
@example('{"a": 12', 1)
def test_any_text_is_read_or_refused(text: str, size: int) -> None:
    for whole in (text, '{"format": "trustlog-export/1", "reflections": true, "entries": [' + text):
        with pytest.raises((BadDocumentError, json_file.TooNewError)):
            list(json_file.parse(cut(whole, size)))


@given(VALUES, st.integers(1, 30))
def test_a_value_is_read_from_any_pieces(value: Any, size: int) -> None:
    assert Pieces(cut(json.dumps(value) + " ", size)).value("it") == value
    assert Pieces(cut(json.dumps(value), size)).value("it") == value


def test_a_long_value_is_tried_only_a_few_times() -> None:
    text = json.dumps(["x" * 3_000_000])
    assert Pieces(cut(text, 1_000)).value("it") == ["x" * 3_000_000]
