"""The recruiter's own practice: which acts were used, who began, what came back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from trustlog.domain import days
from trustlog.domain.conversations import UNDECIDED, Conversation, Part
from trustlog.domain.conversations import until as as_it_stood
from trustlog.domain.entries import Contact
from trustlog.domain.kinds import KINDS

REPLY_DAYS = 5
"""Working days within which a reply counts as one."""
REPLIES_NEEDED = 5
"""Below so many sent, a share of replies says nothing."""


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


class Practice(NamedTuple):
    """What the recruiter did in a span of days. `praise` counts by channel, "" where none was named."""

    since: date
    until: date
    used: dict[str, int]
    not_yet: tuple[str, ...]
    mine: int
    theirs: int
    joint: int
    replies: dict[str, Replies]
    measures: tuple[Measure, ...]
    praise: Mapping[str, int] = {}


def practice(
    contacts: Sequence[Contact],
    talks: Sequence[Conversation],
    since: date,
    until: date,
    *,
    working_week: bool = True,
) -> Practice:
    """The practice of some days; the measures are over every conversation up to the last of them."""
    counts = Counter(one.kind for one in contacts)
    mine = [name for name, kind in KINDS.items() if kind.who == "mine" and kind.sign == "+"]
    whose = Counter(KINDS[one.kind].who for one in contacts)
    return Practice(
        since=since,
        until=until,
        used={name: counts[name] for name in mine if counts[name]},
        not_yet=tuple(name for name in mine if not counts[name]),
        mine=whose["mine"],
        theirs=whose["theirs"],
        joint=whose["joint"],
        replies={approach: _replies(contacts, approach, working_week=working_week) for approach in ("push", "pull")},
        measures=measures([as_it_stood(one, until) for one in talks]),
    )


def measures(talks: Sequence[Conversation]) -> tuple[Measure, ...]:
    """Each measure with its number of cases, and no value below the needed number."""
    shifts = _pairs(talks, "prep", "mood_before", "debrief", "mood_after")
    overnight = _pairs(talks, "debrief", "mood_after", "checkin", "mood_next_day")
    ready = _ready(talks)
    scores = [score for talk in talks if (score := talk.answers("prep").get("readiness")) is not None]
    decided = [item for talk in talks for item in talk.items if item.get("decision") not in UNDECIDED]
    follow = [(action, talk.followed_up(action["text"])) for talk in talks for action in talk.actions]
    done = [said for _, said in follow if said.get("done")]
    lapsed = [action for action, said in follow if _lapsed(action, said)]
    planned = [_aftercare(talk) for talk in talks if talk.answers("prep").get("aftercare")]
    cared = [kept for kept in planned if kept is not None]
    return (
        _median("mood shift", "shift", shifts, 5),
        _median("overnight recovery", "shift", overnight, 5),
        _median("readiness", "score", scores, 5),
        _median("mood shift when not quite ready", "shift", [shift for score, shift in ready if score <= 2], 5),
        _median("mood shift when ready", "shift", [shift for score, shift in ready if score >= 3], 5),
        _share("points used", [item["decision"] == "use" for item in decided], 5, private=False),
        _share("followed through", [True] * len(done) + [False] * len(lapsed), 3),
        _share("aftercare kept", cared, 3),
        _share("loops closed", [bool(one.get("told")) for one in done], 3),
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


def _lapsed(action: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Not done when its day had passed; changed or dropped on purpose is no lapse."""
    if said.get("done") is not False or said.get("next") in ("change", "drop"):
        return False
    return not action.get("due") or date.fromisoformat(action["due"]) <= said["on"]


def _aftercare(talk: Conversation) -> bool | None:
    """Whether the planned kind thing happened, if anything was said of it."""
    done: bool | None = talk.answers("checkin").get("aftercare_done")
    if done is not None:
        return done
    return True if talk.answers("debrief").get("aftercare_status") == "done" else None


def _median(name: str, unit: Literal["shift", "score"], values: Sequence[float], needs: int) -> Measure:
    from statistics import median  # 5 ms, only in a report of one's own

    value = float(median(values)) if len(values) >= needs else None
    return Measure(name, value, len(values), needs, True, unit)


def _share(name: str, values: Sequence[bool], needs: int, *, private: bool = True) -> Measure:
    share = sum(values) / len(values) if len(values) >= needs else None
    return Measure(name, share, len(values), needs, private, "share")


def _replies(contacts: Sequence[Contact], approach: str, *, working_week: bool) -> Replies:
    sent = [one for one in contacts if one.approach == approach and KINDS[one.kind].who != "theirs"]
    answers: dict[int, list[date]] = {}
    for one in contacts:
        if one.kind == "reply-received":
            answers.setdefault(one.manager_id, []).append(one.on)
    until = {one.on: days.day_after(one.on, REPLY_DAYS, working_week=working_week) for one in sent}
    replied = sum(1 for one in sent if any(one.on <= day <= until[one.on] for day in answers.get(one.manager_id, ())))
    return Replies(len(sent), replied)
