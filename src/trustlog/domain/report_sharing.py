"""A report for other eyes: letters are drawn for names, words of a person fall away, of every date the month is left.

Figures keep two decimals, because a day could be worked out from a full double; so b + d + u may miss 1 by a little.
Entries are only counted.

A pure function over the whole report, applied once before any view, so that no format can forget it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from trustlog.domain.entries import Entry
from trustlog.domain.people import Manager
from trustlog.domain.report import ManagerReport, Report
from trustlog.domain.trust import MOSTLY_UNKNOWN, FacetOpinion, Opinion

if TYPE_CHECKING:
    from trustlog.domain.kickoffs import Agreement
    from trustlog.domain.promises import Promise, Responsiveness
    from trustlog.domain.report_around import Around, DoneStep, Role
    from trustlog.domain.standing import Reading
    from trustlog.domain.trust import Counted


Seen = TypeVar("Seen", Opinion, FacetOpinion)
CHANNELS = (
    "chat", "email", "call", "meeting", "in-person", "one-to-one", "kudos-chat", "update-email", "to-their-lead",
)  # fmt: skip
"""The channels that say nothing of a person; every other one was typed by hand."""
DECIMALS = 2
"""Of every figure that is shared."""
_OURS = re.compile(r"PB\d+\Z")
"""The ids of the shipped steps; a step of one's own may be called anything."""


def masked(report: Report, order: Sequence[int]) -> Report:
    """The report without a word that names anybody. `order` gives the letters: the ids of its managers as drawn.

    The pages follow the letters, because any other order would tell whose they are.
    """
    places = {manager: place for place, manager in enumerate(order)}
    asked = report.asked
    hidden = asked._replace(
        as_of=month(asked.as_of), at=month_end(asked.at), since=month(asked.since) if asked.since else None, share=True
    )
    listed = sorted(report.managers, key=lambda manager: places[manager.manager.id])
    pages = (_page(page, letter(places[page.manager.id]), asked.at) for page in listed)
    return report._replace(asked=hidden, managers=tuple(pages))


def letter(place: int) -> str:
    """A to Z, then AA, AB: 0 is A."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def month(day: date) -> date:
    """The first of its month."""
    return day.replace(day=1)


def month_end(moment: datetime) -> datetime:
    """The last second of its month."""
    return (_start(moment) + timedelta(days=32)).replace(day=1) - timedelta(seconds=1)


def _start(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _page(page: ManagerReport, name: str, at: datetime) -> ManagerReport:
    who = Manager(id=page.manager.id, uid="", handle=f"manager-{name.lower()}", name=f"Manager {name}")
    moving = dict.fromkeys(mover.atom.entry for mover in page.movers)
    numbers = {entry: number for number, entry in enumerate(moving, 1)}
    return page._replace(
        manager=who,
        reading=_reading(page.reading),
        # one point a month: a line of weeks would tell the week of everything that moved it
        weeks=tuple({month(day): (month(day), _rounded(opinion)) for day, opinion in page.weeks}.values()),
        movers=tuple(_counted(mover, numbers[mover.atom.entry]) for mover in page.movers),
        kinds={},
        moved_since=month(page.moved_since),
        loops=tuple(_loop(loop, who, at, number) for number, loop in enumerate(page.loops, 1)),
        them=_answers(page.them),
        me=_answers(page.me),
        told={number: _entry(page.told[entry], number, who) for entry, number in numbers.items()},
        heard=page.heard._replace(first=_day(page.heard.first), last=_day(page.heard.last)),
        around=_around(page.around, who) if page.around is not None else None,
    )


def _reading(reading: "Reading") -> "Reading":
    trend = reading.trend
    return reading._replace(
        as_of=month(reading.as_of),
        facets={facet: _rounded(opinion) for facet, opinion in reading.facets.items()},
        overall=_rounded(reading.overall),
        trend=trend._replace(since=month(trend.since), u=round(trend.u, DECIMALS), e=round(trend.e, DECIMALS)),
        evidence=(),
        last_contact=month(reading.last_contact) if reading.last_contact else None,
    )


def _rounded(opinion: Seen) -> Seen:
    """The figures with two decimals; what is not too early to tell stays so."""
    few: dict[str, Any] = {name: round(value, DECIMALS) for name, value in opinion._asdict().items()}
    if opinion.u < MOSTLY_UNKNOWN <= few["u"]:
        few["u"] = MOSTLY_UNKNOWN - 10**-DECIMALS
    return opinion._replace(**few)


def _counted(counted: "Counted", number: int) -> "Counted":
    """An age in days would tell the day."""
    atom = counted.atom._replace(on=month(counted.atom.on), entry=number)
    return counted._replace(atom=atom, age_days=0, counts=round(counted.counts, DECIMALS))


def _answers(side: "Responsiveness") -> "Responsiveness":
    few = {name: round(value, DECIMALS) for name, value in side._asdict().items() if isinstance(value, float)}
    return side._replace(**{**few, "oldest_open_days": None})  # type: ignore[arg-type]  # each figure its own type


def _loop(promise: "Promise", who: Manager, at: datetime, number: int) -> "Promise":
    """A loop by what it is for; one that is overdue stays so, and one that is not never becomes so."""
    what = promise.purpose.replace("-", " ")
    due = promise.due_at
    if due is not None:
        # by the clock of the moment that is asked about, or a change of clocks could make it late
        due = due.astimezone(at.tzinfo)
        due = min(_start(due), _start(at)) if promise.overdue(at) else max(month_end(due), month_end(at))
    return promise._replace(
        id=number, uid="", manager=who.handle, manager_name=who.name, req=None, given_at=_start(promise.given_at),
        what=("promise" if promise.owed_by == "me" else "request") if what == "other" else what, due_at=due,
        settled_at=_start(promise.settled_at) if promise.settled_at else None,
    )  # fmt: skip


def _entry(entry: Entry, number: int, who: Manager) -> Entry:
    return entry._replace(
        id=number, repaired_by=None, uid="", manager=who.handle, manager_name=who.name, note="", did=None,
        happened_at=_start(entry.happened_at), happened_on=month(entry.happened_on), channel=None, req=None, tags=(),
        changed=None, created_at=_start(entry.created_at),
    )  # fmt: skip


def _around(around: "Around", who: Manager) -> "Around":
    praise: dict[str, int] = {}
    for channel, count in around.praise.items():
        known = channel if channel in ("", *CHANNELS) else "other"
        praise[known] = praise.get(known, 0) + count
    practice = around.practice
    return around._replace(
        since=month(around.since),
        roles=tuple(_role(role, who, number) for number, role in enumerate(around.roles, 1)),
        practice=practice._replace(since=month(practice.since), until=month(practice.until)),
        praise=praise,
        step=_step(around.step) if around.step else None,
        talks=tuple(talk._replace(on=month(talk.on), about=None) for talk in around.talks),
    )


def _step(taken: "DoneStep") -> "DoneStep":
    name = taken.step if _OURS.match(taken.step) else "own"
    return taken._replace(step=name, advice=None, on=month(taken.on))


def _role(role: "Role", who: Manager, number: int) -> "Role":
    req = role.req._replace(
        uid="", code=f"role-{number}", manager=who.handle, title=f"Role {number}", tags=(),
        opened_on=month(role.req.opened_on),
    )  # fmt: skip
    return role._replace(
        req=req, agreement=_agreement(role.agreement, req.code, req.title, who) if role.agreement else None
    )


def _agreement(agreement: "Agreement", code: str, title: str, who: Manager) -> "Agreement":
    return agreement._replace(
        uid="", req=code, title=title, manager=who.handle, manager_name=who.name,
        kickoff_on=month(agreement.kickoff_on),
        closed_on=_day(agreement.closed_on), sent_on=_day(agreement.sent_on),
        stages=tuple(
            stage._replace(agreed_on=_day(stage.agreed_on), confirmed_on=_day(stage.confirmed_on), fields={})
            for stage in agreement.stages
        ),
        amendments=tuple(
            each._replace(
                old=None, new=None, reason="", effect="", made_on=month(each.made_on),
                confirmed_on=_day(each.confirmed_on),
            )
            for each in agreement.amendments
        ),
    )  # fmt: skip


def _day(day: date | None) -> date | None:
    return month(day) if day is not None else None
