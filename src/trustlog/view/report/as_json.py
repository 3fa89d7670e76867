"""A report as JSON. Figures are full doubles; a shared one has two decimals, of a date only its month."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from trustlog.domain.people import HARD_TAG
from trustlog.domain.promises import Promise, Responsiveness
from trustlog.domain.report import ManagerReport, Report, ReportRequest
from trustlog.domain.trust import Counted, FacetOpinion, Opinion
from trustlog.view import picked, promises
from trustlog.view.report import sentences

if TYPE_CHECKING:
    from trustlog.domain.report_around import Around, Role


def report(shown: Report) -> dict[str, Any]:
    asked = shown.asked
    return {
        "as_of": _day(asked.as_of, asked),
        "parameters": asked.parameters._asdict(),
        "managers": [_manager(page, asked) for page in shown.managers],
    }


def _day(on: date | None, asked: ReportRequest) -> date | str | None:
    """A day or moment; `2026-11` where the report is shared."""
    return f"{on:%Y-%m}" if on is not None and asked.share else on


def _manager(page: ManagerReport, asked: ReportRequest) -> dict[str, Any]:
    reading = page.reading
    around = around_data(page.around, lambda on: _day(on, asked)) if page.around is not None else {}
    return {
        "manager": page.manager.handle,
        "name": page.manager.name,
        "label": reading.label,
        "gone_quiet": page.heard.quiet,
        "entries": page.entries,
        "last_contact": _day(reading.last_contact, asked),
        "facets": {facet: _opinion(opinion) for facet, opinion in reading.facets.items()},
        "overall": _opinion(reading.overall),
        "trend": reading.trend._asdict() | {"since": _day(reading.trend.since, asked)},
        "responsiveness": {"them": _answers(page.them), "me": _answers(page.me)},
        "open_loops": [_loop(loop, asked) for loop in page.loops],
        "steps_to_half_known": reading.steps_to_half_known,
        "first_entry": _day(page.heard.first, asked),
        "heard": {
            "last": _day(page.heard.last, asked),
            "own_steps_since": page.heard.steps,
            "messages_since": page.heard.messages,
        },
        "lead": page.lead,
        "contact": sentences.contact(page, asked),
        "month": _month(page, asked),
        "stands_first": page.stands_first or None,
        **around,
    } | ({"evidence": [_evidence(counted, page) for counted in reading.evidence]} if asked.why else {})


def _month(page: ManagerReport, asked: ReportRequest) -> dict[str, Any] | None:
    if page.month is None:
        return None
    counts = {"month": f"{page.month.on:%Y-%m}"} | picked(page.month, "mine theirs together")
    return counts | {"sentence": sentences.month(page, asked) or None}


def _loop(promise: Promise, asked: ReportRequest) -> dict[str, Any]:
    data = promises.promise_data(promise, asked.at)
    for name, on in (("given_at", promise.given_at), ("due_at", promise.due_at), ("settled_at", promise.settled_at)):
        data[name] = _day(on, asked)
    return data


def _opinion(opinion: Opinion | FacetOpinion) -> dict[str, float]:
    return opinion._asdict()


def _evidence(counted: Counted, page: ManagerReport) -> dict[str, Any]:
    atom = counted.atom
    kind = {"entry": atom.entry, "kind": page.kinds[atom.entry]}
    return kind | picked(atom, "facet sign weight") | picked(counted, "age_days counts")


def _answers(side: Responsiveness) -> dict[str, Any]:
    """The figures that were promised; how many were missed is told in the other forms."""
    return {name: value for name, value in side._asdict().items() if name != "missed"}


Day = Callable[[date | None], date | str | None]


def around_data(around: "Around", day: Day) -> dict[str, Any]:
    """Open roles with their agreement, practice, praise by channel, the jar, the last step, conversations."""
    practice, step = around.practice, around.step
    return {
        "since": day(around.since),
        "roles": [_role(role, day) for role in around.roles],
        "practice": {
            "used": practice.used,
            "contact": picked(practice, "mine theirs joint asked_nothing"),
        },
        "praise": [{"channel": channel or None, "count": count} for channel, count in around.praise.items()],
        "unthanked": around.unthanked,
        "last_step": {
            "id": step.step, "category": step.category, "advice": step.advice, "how": step.kind, "on": day(step.on),
        } if step else None,
        "conversations": [
            {"on": day(talk.on), "state": talk.state, "about": talk.about,
            "points": talk.points} for talk in around.talks
        ],
    }  # fmt: skip


def _role(role: "Role", day: Day) -> dict[str, Any]:
    agreement = role.agreement
    return {
        "req": role.req.code,
        "title": role.req.title,
        "opened_on": day(role.req.opened_on),
        "hard": HARD_TAG in role.req.tags,
        "agreement": {
            "version": agreement.version,
            "status": agreement.status,
            "stages": {stage.name: stage.state for stage in agreement.stages},
            "waiting": [change.number for change in agreement.pending],
            "sent_on": day(agreement.sent_on),
        } if agreement else None,
    }  # fmt: skip
