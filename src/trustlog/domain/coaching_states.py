"""States that last, read from a history and from what the log says of it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from trustlog.domain.coaching_history import History, Step
from trustlog.domain.coaching_signals import Found, conversation_soon, interview_failed, promise_at_risk
from trustlog.domain.days import near
from trustlog.domain.entries import FACETS, KINDS, Facet
from trustlog.domain.kickoffs import StageName
from trustlog.domain.people import HARD_TAG
from trustlog.domain.praise import specific
from trustlog.domain.standing import QUIET_DAYS, First, Reading
from trustlog.domain.text import plural


class Situation(NamedTuple):
    """A situation of the playbook: the signal that tells it, and the words that give it as a reason."""

    id: str
    signal: str
    because: str


class Current(NamedTuple):
    """A situation that holds, with what its signal found. A lower `rank` is more urgent."""

    situation: Situation
    found: Found
    rank: int


class Candidate(NamedTuple):
    """A step that may be offered, and the situations that call for it, the most urgent first."""

    step: Step
    because: tuple[Current, ...]


State = Callable[[History, Reading], Found | None]
NEW_DAYS = 30
HARD_DAYS = 45
THANKLESS_DAYS = 30
LATELY_DAYS = 90
FRESH_DAYS = 3
"""For so many working days an event presses; then it is one among others."""
FRESH_ROLE = 7
"""For so many days after a role opened there is nothing to warn of, and no search to look back on."""


def newly_met(history: History, reading: Reading) -> Found | None:
    """The first entry is at most 30 days old, or hardly anything is known."""
    if history.first_on is None:
        return Found({"since": "your notes hold nothing of it yet"})
    if history.age(history.first_on) <= NEW_DAYS:
        return Found({"since": f"you began to keep notes {near(history.first_on, history.today)}"})
    return Found({"since": "your notes hold little of it yet"}) if reading.overall.too_early else None


def role_unsettled(history: History, _: Reading) -> Found | None:
    """A role was opened in the last 14 days and its kick-off is not confirmed."""
    settled = {agreement.req for agreement in history.agreements if agreement.status in ("confirmed", "closed")}
    fresh = [
        (req.opened_on, req.title) for req in history.open_reqs()
        if 0 <= history.age(req.opened_on) <= 14 and req.code not in settled
    ]  # fmt: skip
    return Found({"day": near(max(fresh)[0], history.today), "role": max(fresh)[1]}) if fresh else None


def gone_quiet(history: History, _: Reading) -> Found | None:
    """Nothing came from them for long; what only I did since moves nothing."""
    last = history.quiet.heard_on or history.first_on
    if last is None or history.age(last) < QUIET_DAYS or history.manager.gone(history.today):
        return None
    closed = [req.title for req in history.reqs if req.closed_on is not None]
    days = str(history.age(last))
    both = history.last_contact is None or history.last_contact <= last
    quiet = f"your last contact is {days} days ago" if both else f"the last thing from them is {days} days ago"
    return Found({"days": days, "quiet": quiet} | ({"role": closed[0]} if closed else {}))


def hard_to_fill(history: History, _: Reading) -> Found | None:
    """An open role is 45 days old or more, or tagged so."""
    for req in sorted(history.open_reqs(), key=lambda req: (req.opened_on, req.code)):
        if req.code in history.past_roles:
            continue
        age = history.age(req.opened_on)
        if age >= HARD_DAYS or HARD_TAG in req.tags:
            why = f"has been open for {plural(age, 'day')}" if age >= HARD_DAYS else "is marked as hard to fill"
            return Found({"role": req.title, "why_hard": why})
    return None


def thanks_due(history: History, _: Reading) -> Found | None:
    """Something specific is unthanked, nothing was praised for 30 days, and a role is open."""
    if not history.open_reqs() or history.last("praise-given", days=THANKLESS_DAYS - 1) is not None:
        return None
    one = next((deed for deed in history.unthanked if specific(deed)), None)
    if one is None:
        return None
    day = near(history.day(one.at), history.today)
    if one.source == "help":
        return Found({"deed": f"their help {day}"})
    came = ", which came early" if one.source == "answer" else ""
    return Found({"deed": f"“{one.what}”{came} {day}"} | ({"did": one.what} if one.source == "jar" else {}))


def steady_partnership(history: History, reading: Reading) -> Found | None:
    """With the role that was closed last, for what is asked about a search that is over."""
    if reading.label != "Steady partnership":
        return None
    closed = max(((req.closed_on, req.title) for req in history.reqs if req.closed_on is not None), default=None)
    return Found({"role": closed[1]} if closed else {})


def worth_celebrating(history: History, _: Reading) -> Found | None:
    """A first, a hire, a loop that was closed early, or a month with more together than asked for."""
    return Found({"cheer": history.cheer}) if history.cheer else None


EARLY_DAYS = 14
TOGETHER = 3
"""From so many contacts together on a month is worth a word, if it had more of them than of requests."""


def cheer(history: History, firsts: Sequence[First], together: int, pushed: int) -> str | None:
    """What there is to celebrate, in words; None where the journal has nothing."""
    hire = history.last("hire-closed", days=7)
    if hire is not None:
        return f"somebody was hired {near(hire.on, history.today)}"
    # what is new has steps of its own
    older = [first for first in firsts if history.working_age(first.on) > FRESH_DAYS]
    if older:
        first = max(older, key=lambda one: one.on)
        return f"it was a first: {KINDS[first.kind].words} {near(first.on, history.today)}"
    for loop in history.loops:
        if loop.state == "kept" and loop.settled_at is not None and loop.due_at is not None:
            on = history.day(loop.settled_at)
            early = on < history.day(loop.due_at)
            if early and history.age(on) <= EARLY_DAYS and history.working_age(on) > FRESH_DAYS:
                return f"“{loop.what}” was done before its time {near(on, history.today)}"
    return "more of your last month was done together than asked for" if together >= max(TOGETHER, pushed + 1) else None


def line_crossed(history: History, _: Reading) -> Found | None:
    return Found({}) if history.restriction else None


def _least(history: History, reading: Reading, facet: Facet) -> Found | None:
    """Where nothing is known at all, a search is what there is to show something by."""
    nothing = reading.overall.u == 1
    if reading.least_known != facet or (nothing and not history.open_reqs()):
        return None
    return Found({"much": "nothing yet" if nothing else "least"})


STATES: dict[str, State] = {
    state.__name__: state
    for state in (
        line_crossed, newly_met, role_unsettled, gone_quiet, hard_to_fill, thanks_due,
        worth_celebrating, steady_partnership,
    )
}  # fmt: skip
STATES |= {f"{facet}_least_known": partial(_least, facet=facet) for facet in FACETS}
"""The signals of states."""

CONDITIONS: dict[str, Callable[[History], bool]] = {
    "public_praise_refused": lambda history: history.manager.public_praise_ok is False,
    "level_is_l3": lambda history: history.restriction == "L3",
    "nobody_was_hired": lambda history: history.last("hire-closed", days=3) is None,
    "nobody_was_hired_lately": lambda history: not history.hired_lately and not _closed_lately(history),
    "no_role_is_open": lambda history: not history.open_reqs(),
    "no_role_was_closed_lately": lambda history: not _closed_lately(history),
    "no_search_yet": lambda history: (
        interview_failed(history) is None
        and all(req.closed_on is None and history.age(req.opened_on) < FRESH_ROLE for req in history.reqs)
    ),
    "worked_together": lambda history: history.worked_together,
    "role_is_fresh": lambda history: (
        promise_at_risk(history) is None
        and bool(history.open_reqs())
        and all(history.age(req.opened_on) < FRESH_ROLE for req in history.open_reqs())
    ),
    "nothing_agreed": lambda history: (
        bool(history.open_reqs()) and not any(one.fields for one in history.agreements if one.status != "closed")
    ),
    "discovery_is_settled": lambda history: _settled(history, "discovery"),
    "scope_is_settled": lambda history: _settled(history, "scope"),
    "responsibilities_are_settled": lambda history: _settled(history, "responsibilities"),
    "line_is_disputed": lambda history: any(
        stage.state == "disputed" for one in history.agreements if one.status != "closed" for stage in one.stages
    ),
    "nothing_to_trade": lambda history: (
        not any(
            amendment.effect and history.age(amendment.made_on) <= 7
            for one in history.agreements
            for amendment in one.amendments
        )
    ),
    "moment_has_passed": lambda history: (
        history.last("harsh-exchange", days=1) is None and conversation_soon(history) is None
    ),
}
"""What rules a step out and can be told from a history; every other condition is asked."""
TAKEN_FOR_GRANTED = frozenset({"no_role_is_open", "no_search_yet", "no_role_was_closed_lately"})
"""What a step takes for granted and the journal does not say: then it comes only where its family is asked for."""


def _settled(history: History, name: StageName) -> bool:
    """Whether that stage of the newest agreement that is not over was agreed on, confirmed or put aside."""
    going = next((agreement for agreement in history.agreements if agreement.status != "closed"), None)
    return going is not None and going.stage(name).state in ("agreed", "confirmed", "parked")


def _closed_lately(history: History) -> bool:
    return any(req.closed_on is not None and history.age(req.closed_on) <= LATELY_DAYS for req in history.reqs)
