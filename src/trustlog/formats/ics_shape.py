"""Whether a text has the shape of a calendar file, told with the line where it has not."""

from collections.abc import Iterator

from trustlog.domain.text import visible
from trustlog.errors import UserError

AGAIN = "Export it from your calendar once more."


def lines_of_events(text: str) -> list[int]:
    """The lines on which events begin. Raises UserError `bad-file` naming the line where the file breaks."""
    begun: list[tuple[str, int]] = []
    events: list[int] = []
    number = 1
    for number, line in _unfolded(text):
        name, colon, value = line.partition(":")
        name, value = name.strip().upper(), value.strip().upper()
        if not begun and (name, value) != ("BEGIN", "VCALENDAR"):
            raise _broken(number, "it is no calendar")
        if not colon:
            raise _broken(number, "it holds no colon")
        if name == "BEGIN":
            begun.append((value, number))
        elif name == "END" and begun.pop()[0] != value:
            raise _broken(number, f"END:{value} ends nothing that was begun")
        if (name, value) == ("BEGIN", "VEVENT"):
            events.append(number)
    if begun:
        raise _broken(begun[-1][1], f"what begins there has no end; the file stops at line {number}")
    if number == 1:
        raise _broken(1, "it is no calendar")
    return events


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, the ones that go on put together; empty ones are passed over."""
    whole, begins = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if line[:1] in (" ", "\t") and whole:
            whole += line[1:]
        elif line.strip():
            if whole:
                yield begins, whole
            whole, begins = line, number
    if whole:
        yield begins, whole


def _broken(number: int, why: str) -> UserError:
    return UserError("bad-file", f"line {number}: {visible(why[:80])}", AGAIN)
