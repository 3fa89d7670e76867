"""Whom an event names: the organizer and the guests, by every address that their line says."""

import re
from functools import lru_cache
from urllib.parse import unquote

from icalendar.parser import Contentline

from trustlog.domain.calendars import Person
from trustlog.domain.people import folded
from trustlog.formats.ics_shape import OddError

NAMES = ("ORGANIZER", "ATTENDEE")
_AWAY = ("DECLINED", "DELEGATED")
_MAILTO = re.compile("mailto:", re.IGNORECASE)


# of a line with quotation marks within a name, which icalendar refuses
_ADDRESS = re.compile(r"mailto:\s*([^\s:;,\"<>]+@[^\s:;,\"<>]+)\s*$", re.IGNORECASE)
_LONGEST = 400
"""More characters than an address has."""
_CALLED = re.compile(r";CN=(.*?)(?=;[\w-]+=|:mailto:)", re.IGNORECASE)
_ANSWER = re.compile(r";PARTSTAT=\"?([\w-]+)", re.IGNORECASE)


@lru_cache(maxsize=4096)  # the same people stand in many events, and each line costs a tenth of a millisecond
def people(line: str) -> tuple[Person, ...]:
    """Whom a content line names, once for each of their addresses. Raises OddError."""
    try:
        _, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call]  # icalendar leaves it open
    except ValueError as error:
        called, answer = _CALLED.search(line), _ANSWER.search(line)
        named = _ADDRESS.search(line[-_LONGEST:])
        if named is None:
            raise OddError("somebody whom it names cannot be read") from error
        name = called[1].strip('" ') if called else ""
        return (Person(name, named[1], answer is not None and answer[1].upper() in _AWAY),)
    texts = {name.upper(): _text(value) for name, value in params.items()}
    away = texts.get("PARTSTAT", "").upper() in _AWAY
    return tuple(Person(texts.get("CN", "").strip(), address, away) for address in _addresses(value, texts))


def _addresses(value: str, params: dict[str, str]) -> list[str]:
    """Every address of somebody; what stands there if none of it is one."""
    mail = _MAILTO.search(value)
    own = unquote(value[mail.end() :].partition("?")[0]) if mail else value
    # calendars of Apple wrote X-CALENDARSERVER-EMAIL before there was EMAIL (RFC 7986)
    said = [address for name, address in params.items() if name == "EMAIL" or name.endswith("-EMAIL")]
    plain = [_MAILTO.sub("", one).strip(" \t<>") for one in (*said, own)]
    addresses = {folded(one): one for one in plain if "@" in one and not one.startswith("/")}
    return list(addresses.values()) or [own.strip()]


def _text(value: str | list[str]) -> str:
    """A parameter as one text; icalendar takes it for a list where a comma is not quoted."""
    return ",".join(value) if isinstance(value, list) else str(value)
