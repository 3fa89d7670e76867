"""What stands around the figures of a report: roles, praise, steps, talks, and the recruiter's own practice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from trustlog.domain import days
from trustlog.domain.coaching_history import EventKind, Step, StepEvent
from trustlog.domain.conversations import UNDECIDED, Conversation, Part
from trustlog.domain.conversations import until as as_it_stood
from trustlog.domain.entries import GOOD, KINDS, Contact
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.people import Req
from trustlog.domain.promises import Ask
from trustlog.domain.report_lately import Request, approach_of, matched

REPLY_DAYS = 5
"""Working days within which a reply counts as one."""
CASES_NEEDED = 5
"""Below so many cases a share or a middle says nothing."""


class Measure(NamedTuple):
    """A figure about the recruiter; None as long as there are fewer than `needs` cases."""

    name: str
    value: float | None
    n: int
    needs: int
    private: bool
    unit: Literal["share", "shift", "score"]


class Replies(NamedTuple):
    """How many messages of one approach were sent, and how many had a reply within REPLY_DAYS."""

    sent: int
    replied: int

    @property
    def enough(self) -> bool:
        """Whether there are CASES_NEEDED of them."""
        return self.sent >= CASES_NEEDED


class Practice(NamedTuple):
    """What the recruiter did in a span of days. `praise` counts by channel, "" where none was named."""

    since: date
    until: date
    used: dict[str, int]
    not_yet: tuple[str, ...]
    mine: int
    theirs: int
    joint: int
    asked_nothing: int
    """How many of these contacts did not ask for anything."""
    replies: dict[str, Replies]
    measures: tuple[Measure, ...]
    praise: Mapping[str, int] = {}

    @property
    def contacts(self) -> int:
        """All of them, whoever began."""
        return self.mine + self.theirs + self.joint


def practice(
    contacts: Sequence[Contact],
    talks: Sequence[Conversation],
    since: date,
    until: date,
    *,
    asks: Sequence[Ask] = (),
    working_week: bool = True,
) -> Practice:
    """The practice of some days; the measures are over every conversation up to the last of them.

    Contacts and asks may begin earlier, because a reply belongs to the request before it: what answers a request of
    mine was begun by me.
    """
    requests, answers = matched(contacts, asks)
    counted = [contact for contact in contacts if since <= contact.on <= until]
    sent = [request for request in requests if since <= request.on <= until]
    counts = Counter(contact.kind for contact in counted)
    mine = GOOD["mine"]
    begun = Counter("mine" if contact.entry in answers else KINDS[contact.kind].who for contact in counted)
    return Practice(
        since=since,
        until=until,
        used={name: counts[name] for name in mine if counts[name]},
        not_yet=tuple(name for name in mine if not counts[name]),
        mine=begun["mine"],
        theirs=begun["theirs"],
        joint=begun["joint"],
        asked_nothing=sum(approach_of(contact) != "push" for contact in counted),
        replies={approach: _replies(sent, approach, working_week=working_week) for approach in ("push", "pull")},
        measures=measures([as_it_stood(talk, until) for talk in talks]),
    )


def measures(talks: Sequence[Conversation]) -> tuple[Measure, ...]:
    """Each measure with its number of cases, and no value below the needed number."""
    shifts = _pairs(talks, "prep", "mood_before", "debrief", "mood_after")
    overnight = _pairs(talks, "debrief", "mood_after", "checkin", "mood_next_day")
    ready = _ready(talks)
    scores = [score for talk in talks if (score := talk.answers("prep").get("readiness")) is not None]
    decided = [item for talk in talks for item in talk.items if item.get("decision") not in UNDECIDED]
    follow = [(action, talk.followed_up(action["text"])) for talk in talks for action in talk.actions]
    done = [news for _, news in follow if news.get("done")]
    lapsed = [action for action, news in follow if _lapsed(action, news)]
    planned = [_aftercare(talk) for talk in talks if talk.answers("prep").get("aftercare")]
    cared = [kept for kept in planned if kept is not None]
    return (
        _median("mood shift", "shift", shifts),
        _median("overnight recovery", "shift", overnight),
        _median("readiness", "score", scores),
        _median("mood shift when not quite ready", "shift", [shift for score, shift in ready if score <= 2]),
        _median("mood shift when ready", "shift", [shift for score, shift in ready if score >= 3]),
        _share("points used", [item["decision"] == "use" for item in decided], private=False),
        _share("followed through", [True] * len(done) + [False] * len(lapsed)),
        _share("aftercare kept", cared),
        _share("loops closed", [bool(news.get("told")) for news in done]),
    )


def _pairs(talks: Sequence[Conversation], first: Part, before: str, second: Part, after: str) -> list[int]:
    found = []
    for talk in talks:
        was, became = talk.answers(first).get(before), talk.answers(second).get(after)
        if was is not None and became is not None:
            found.append(became - was)
    return found


def _ready(talks: Sequence[Conversation]) -> list[tuple[int, int]]:
    found = []
    for talk in talks:
        prep, after = talk.answers("prep"), talk.answers("debrief").get("mood_after")
        score, before = prep.get("readiness"), prep.get("mood_before")
        if score is not None and before is not None and after is not None:
            found.append((score, after - before))
    return found


def _lapsed(action: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Not done when its day had passed; changed or dropped on purpose is no lapse."""
    if news.get("done") is not False or news.get("next") in ("change", "drop"):
        return False
    return not action.get("due") or date.fromisoformat(action["due"]) <= news["on"]


def _aftercare(talk: Conversation) -> bool | None:
    """Whether the planned kind thing happened, if anything was said of it."""
    done: bool | None = talk.answers("checkin").get("aftercare_done")
    if done is not None:
        return done
    return True if talk.answers("debrief").get("aftercare_status") == "done" else None


def _median(name: str, unit: Literal["shift", "score"], values: Sequence[float]) -> Measure:
    from statistics import median  # 5 ms, only in a report of one's own

    value = float(median(values)) if len(values) >= CASES_NEEDED else None
    return Measure(name, value, len(values), CASES_NEEDED, True, unit)


def _share(name: str, values: Sequence[bool], *, private: bool = True) -> Measure:
    share = sum(values) / len(values) if len(values) >= CASES_NEEDED else None
    return Measure(name, share, len(values), CASES_NEEDED, private, "share")


def _replies(sent: Sequence[Request], approach: str, *, working_week: bool) -> Replies:
    own = [request for request in sent if request.approach == approach]
    replied = sum(
        request.answered_on is not None
        and request.answered_on <= days.day_after(request.on, REPLY_DAYS, working_week=working_week)
        for request in own
    )
    return Replies(len(own), replied)


PRIVATE = ("self-care", "boundaries")
"""Families of steps that would tell of the second drawer."""


class Role(NamedTuple):
    """An open role, with its kick-off agreement if there is one."""

    req: Req
    agreement: Agreement | None


class Held(NamedTuple):
    """A conversation as facts: its last day, how far it came, and what was decided about its points."""

    on: date
    state: Literal["prepared", "debriefed"]
    about: str | None
    points: dict[str, int]


class DoneStep(NamedTuple):
    """A small step that was done, or whose draft was copied. `advice` is None where a report is shared."""

    step: str
    category: str
    advice: str | None
    kind: EventKind
    on: date


class Around(NamedTuple):
    """Everything beside trust on one manager's page. `praise` counts by channel, "" where none was named."""

    since: date
    roles: tuple[Role, ...]
    practice: Practice
    praise: dict[str, int]
    unthanked: int
    step: DoneStep | None
    talks: tuple[Held, ...]


def open_roles(reqs: Sequence[Req], agreements: Sequence[Agreement], on: date) -> tuple[Role, ...]:
    """The roles that were open at the end of a day."""
    of = {agreement.req: agreement for agreement in agreements}
    return tuple(Role(req, of.get(req.code)) for req in reqs if req.open_on(on))


def last_taken(events: Sequence[StepEvent], steps: Mapping[str, Step]) -> DoneStep | None:
    """The last step that was taken and is no matter of the second drawer."""
    taken = [
        event
        for event in events
        if event.kind in ("done", "copied") and event.step in steps and steps[event.step].category not in PRIVATE
    ]
    last = max(taken, key=lambda event: event.at, default=None)
    if last is None:
        return None
    step = steps[last.step]
    return DoneStep(step.id, step.category, step.advice.rstrip("."), last.kind, last.at.date())


def held(talks: Sequence[Conversation], since: date, on: date) -> tuple[Held, ...]:
    """The conversations of some days as they stood at the end of the last, newest first; drafts are left out."""
    found = []
    for talk in talks:
        stood = as_it_stood(talk, on)
        # a check-in comes after it and is about the recruiter: it dates nothing
        finished = [
            sitting
            for sitting in stood.sittings
            if sitting.finished and sitting.on >= since and sitting.part != "checkin"
            if sitting.part == "debrief" or stood.prepared
        ]
        parts = [sitting.part for sitting in finished]
        if finished:
            decided = Counter(item.get("decision") or "undecided" for item in stood.items)
            state: Literal["prepared", "debriefed"] = "debriefed" if "debrief" in parts else "prepared"
            found.append(
                Held(max(sitting.on for sitting in finished), state, talk.about, dict(sorted(decided.items())))
            )
    return tuple(sorted(found, key=lambda held: held.on, reverse=True))
