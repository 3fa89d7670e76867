"""Templates and their places: every place is filled once, whatever is put into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.domain.text import filled, filled_or_marked, places_of, unknown_place

HOSTILE = ("{name}", "{what}", "{{name}}", "{", "}", "{}", "{0}", "{name!r}", "%s", "\\1", "\\g<0>", "[the date]")


@pytest.mark.parametrize("said", HOSTILE)
def test_what_is_put_in_is_never_read_again(said: str) -> None:
    assert filled("{name}: {what}", {"name": said, "what": "W"}) == f"{said}: W"
    assert filled("{what}: {name}", {"name": "N", "what": said}) == f"{said}: N"
    assert filled_or_marked("{name}, {date}", {"name": said}, {"date": "the date"})[0] == f"{said}, [the date]"


@given(st.text(), st.text())
def test_any_text_arrives_as_it_is(first: str, second: str) -> None:
    assert filled("<{a}|{b}>", {"a": first, "b": second}) == f"<{first}|{second}>"


def test_a_place_that_nothing_fills_stays() -> None:
    assert filled("{a} {b} { a } {a-b}", {"a": "1"}) == "1 {b} { a } {a-b}"


def test_what_is_not_known_is_marked_and_named_once() -> None:
    made = filled_or_marked("{first}, {new_date} or {new_date}; {who}", {"first": "Dana", "who": ""}, {"who": "whom"})
    assert made == ("Dana, [new date] or [new date]; [whom]", ("new_date", "who"))


def test_a_template_tells_its_places_in_their_order() -> None:
    assert places_of("{b} {a} {b} {not one}") == ["b", "a", "b"]
    assert unknown_place("{b} {a}", ["b"]) == "a"
    assert unknown_place("{b} {a}", {"a": "", "b": ""}) is None
