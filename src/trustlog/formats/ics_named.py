"""What lines of an event name: time zones, defined in the file or known by name, and people with their addresses."""

import re
import zoneinfo
from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from urllib.parse import unquote

from icalendar import Timezone
from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from trustlog.domain.calendars import Person
from trustlog.domain.people import folded
from trustlog.formats.ics_file import ODD, Component, OddError

_MICROSOFT_UTC = "tzone://microsoft/utc"
_READ = ("TZOFFSETFROM", "TZOFFSETTO", "RDATE")
_TIME_PARTS = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_RULE_PARTS = {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "UNTIL", "COUNT", "WKST", *_TIME_PARTS}
_MONTH = r"0?[1-9]|1[0-2]"
_WEEKDAYS = r"(?:[+-]?[1-5])?[A-Z]{2}(?:,(?:[+-]?[1-5])?[A-Z]{2})*"
_MOST_CHANGES = 500
"""More changes, written one by one, than the history of any zone has."""
_LONG_AGO = 1968
"""A leap year before every meeting that is read."""


class Zones:
    """The zones of one VCALENDAR; a definition holds in its own calendar only."""

    def __init__(self, calendar: Component) -> None:
        self._defined: dict[str, list[Component]] = {}
        for part in calendar.parts:
            if part.name == "VTIMEZONE":
                for name in part.values("TZID"):
                    self._defined.setdefault(_plain(name), []).append(part)
        self._found: dict[str, tzinfo | str] = {}

    def named(self, name: str) -> tzinfo:
        """The zone of that name. Raises OddError naming one that is not known."""
        name = _plain(name)
        if name not in self._found:
            self._found[name] = self._looked_up(name)
        zone = self._found[name]
        if isinstance(zone, str):
            raise OddError(f'the time zone "{name[:80]}" {zone}')
        return zone

    def _looked_up(self, name: str) -> tzinfo | str:
        """A zone, or why there is none."""
        usual = known(name)
        # definitions of a zone like Europe/Berlin are often cut short; its name says it better
        if name not in self._defined or (usual is not None and "/" in usual.key and "/" in name):
            return usual or "is not known"
        texts = {_written(part) for part in self._defined[name]}
        if len(texts) > 1:
            return usual or "is defined in two ways"
        try:
            return _built(*texts)
        except ODD:
            return usual or "is defined in a way that cannot be read"


@cache
def known(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone that a name means without a definition.

    Names are those of IANA and of Windows, in any case; a vendor's prefix as in `/mozilla.org/20050126_1/Europe/Berlin`
    is left out.
    """
    if name.casefold() == _MICROSOFT_UTC:
        return zoneinfo.ZoneInfo("UTC")
    names = _names()
    for meant in _meant(name):
        if meant.casefold() in names:
            return zoneinfo.ZoneInfo(names[meant.casefold()])
    return None


def _meant(name: str) -> Iterator[str]:
    """What a name may stand for, the whole first."""
    plain = name.strip("/")
    yield plain
    parts = plain.split("/")
    # no name of a zone has more than three parts
    for begins in range(max(1, len(parts) - 3), len(parts)):
        # only after a leading slash may one word be a zone: Nowhere/Japan is none
        if name.startswith("/") or begins < len(parts) - 1:
            yield "/".join(parts[begins:])


@cache
def _names() -> dict[str, str]:
    """The names of zones by the name without case; those of Windows stand for those of IANA."""
    ours = {name.casefold(): name for name in zoneinfo.available_timezones()}
    windows = {name.casefold(): other for name, other in WINDOWS_TO_OLSON.items() if other.casefold() in ours}
    return windows | ours


def _plain(name: str) -> str:
    return name.strip().strip('"').replace("\\,", ",").replace("\\;", ";").strip()


def _written(definition: Component) -> str:
    """A definition without what changes no time, and without the parameters that dateutil does not read."""
    lines = ["BEGIN:VTIMEZONE", "TZID:own"]
    for part in definition.parts:
        if part.name in ("STANDARD", "DAYLIGHT"):
            rules = [rule.strip().upper() for rule in part.values("RRULE")]
            lines += [f"BEGIN:{part.name}", *(f"DTSTART:{_begin(start, rules)}" for start in part.values("DTSTART"))]
            lines += [f"{name}:{value.strip()}" for name in _READ for value in part.values(name)]
            lines += [*(f"RRULE:{rule}" for rule in rules), f"END:{part.name}"]
    return "\r\n".join([*lines, "END:VTIMEZONE", ""])


def _begin(start: str, rules: list[str]) -> str:
    """A rule that holds for ever begins in 1968, because dateutil walks through all its years since 1601 each time."""
    start = start.strip().removesuffix("Z")
    ends = any("UNTIL" in rule or "COUNT" in rule for rule in rules)
    return f"{_LONG_AGO}{start[4:]}" if rules and not ends and start[:4] < str(_LONG_AGO) else start


def _built(text: str) -> tzinfo:
    """A zone from its definition. Raises any of ODD for one that cannot be read."""
    if text.count("BEGIN:") + text.count(",") > _MOST_CHANGES:
        raise OddError("it changes too often")
    for rule in re.findall("^RRULE:(.*?)\r?$", text, re.MULTILINE):
        _check_rule(rule)
    definition = Timezone.from_ical(text)
    if not isinstance(definition, Timezone):
        raise OddError("it cannot be read")
    zone: tzinfo = definition.to_tz(lookup_tzid=False)
    zone.utcoffset(datetime(_LONG_AGO, 1, 1))  # dateutil fails here for a zone that has no standard time
    return zone


def _check_rule(rule: str) -> None:
    """Refuse a rule that dateutil would look for without end, or that changes the clock all the time."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if part)
    fine = parts.get("FREQ") == "YEARLY" and parts.keys() <= _RULE_PARTS and parts.get("INTERVAL", "1") == "1"
    fine = fine and all(parts.get(part, "0").isdigit() for part in _TIME_PARTS)  # one each, as Lotus Notes writes
    days, weekdays = parts.get("BYMONTHDAY"), parts.get("BYDAY")
    if days is not None:
        fine = fine and any(abs(int(day)) <= 28 for day in days.split(",")) and not re.search(r"\d", weekdays or "")
    if weekdays is not None:
        fine = fine and re.fullmatch(_WEEKDAYS, weekdays) is not None
    if days is not None or weekdays is not None:
        fine = fine and re.fullmatch(_MONTH, parts.get("BYMONTH", "")) is not None
    if not fine:
        raise OddError("it changes in a way that no zone does")


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
