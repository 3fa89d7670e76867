"""Small steps, the history that situations are read from, and the ladder of what may be done about a silence."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain import days as days_domain
from trustlog.domain.conversations import Conversation
from trustlog.domain.entries import KINDS, tells_of_silence
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.people import Manager, Req
from trustlog.domain.praise import THANKS_KINDS, Deed, Noticed, Unthanked, unthanked
from trustlog.domain.promises import Promise

EventKind = Literal["done", "copied", "dismissed", "snoozed", "asked"]
CATEGORIES = (
    "ask-help", "unknown-factor", "expectations", "praise", "pull", "insight", "feedback", "repair", "boundaries",
    "self-care", "coaching", "celebrate",
)  # fmt: skip
"""The families that can be asked for."""
OWN = frozenset({"self-care", "boundaries", "coaching"})
"""The families whose steps are nobody else's business: what becomes of them stays in the second drawer."""
PROMISE = "promise"
"""What stands for a kind with a step that announces a promise: doing it opens a loop, and only settling writes."""
UNNAMED = "one small thing"
"""What a promise is called that was announced without words; a draft asks for them."""
IN_PEACE = "in-peace"
"""Stands for every step with a manager who is left in peace for a while."""


def is_own(family: str, restriction: str | None) -> bool:
    """Whether what becomes of a step belongs into the second drawer; under a restriction all of it does."""
    return family in OWN or restriction is not None


class Step(NamedTuple):
    """One small step of the playbook.

    `when` are the situations it answers, `not_when` the conditions that rule it out, `kind` what may be written
    down afterwards; `mine_min` and `their_min` are minutes. The template is a draft with `{places}`
    for whom `to` names. `once` is once a person or a role; else it rests for `rest` days after it was taken. It comes
    `within` so many days after the first entry, None for any. `rung` is its place among what may be done about a
    silence.
    """

    id: str
    category: str
    when: tuple[str, ...]
    not_when: tuple[str, ...]
    kind: str
    mine_min: int
    their_min: int
    advice: str
    template: str
    once: str | None = None
    rest: int = 14
    within: int | None = None
    to: str = "them"
    rung: str | None = None


ONCE = ("person", "role")
TO = ("them", "stand-in", "lead", "others", "me")


class StepEvent(NamedTuple):
    """What became of a step with one manager. `until` stands with snoozed, `condition` and `answer` with asked."""

    step: str
    kind: EventKind
    at: datetime
    until: datetime | None = None
    condition: str | None = None
    answer: bool | None = None


LOOKS_BACK = timedelta(days=45)
"""How far back entries are read; no situation asks for older ones."""
DAYS_LISTED = 8
"""How far back most kinds are asked for; so far, entries of LISTED_KIND and with LISTED_TAGS are all there."""
ASKED_LONG = ("praise-given", "help-received", "feedback-acted-on", "apology-made")
"""The kinds that situations ask for as far as LOOKS_BACK."""
LISTED_KIND = "promise-missed"
LISTED_TAG = "requirement-change"
LISTED_TAGS = (LISTED_TAG, "requirements", "failed-interview")

ROLE_SLEEPS = timedelta(days=60)


class Happened(NamedTuple):
    """As much of an entry as situations read."""

    id: int
    kind: str
    on: date
    size: str
    approach: str | None
    tags: tuple[str, ...]
    repaired: bool
    said: str
    at: datetime


MESSAGES_OF = (
    "ask-help", "update-sent", "insight-shared", "praise-given", "own-error-disclosed", "apology-made",
    "feedback-acted-on",
)  # fmt: skip
"""The kinds that are a message to somebody."""
MESSAGES = 4
"""So many messages in SILENCE without an answer are enough."""
SILENCE = timedelta(days=60)


class Quiet(NamedTuple):
    """The day on which something last came from somebody, and my messages since then, as far back as SILENCE."""

    heard_on: date | None = None
    messages: int = 0
    last_on: date | None = None

    @property
    def enough(self) -> bool:
        return self.messages >= MESSAGES


class History(NamedTuple):
    """One manager at a moment. `loops` are all that are open or were settled within LOOKS_BACK, `reqs` and
    `agreements` all of this manager; each newest first.

    `recent` are the entries that can make a difference, so that a busy journal is read as fast as a quiet one: of
    each kind those of its newest day, looked for in DAYS_LISTED or, if it is ASKED_LONG, in LOOKS_BACK; all since the
    last thing of theirs; and what is listed. A signal that needs others must name them here.
    """

    manager: Manager
    at: datetime
    first_on: date | None
    last_contact: date | None
    recent: tuple[Happened, ...] = ()
    loops: tuple[Promise, ...] = ()
    reqs: tuple[Req, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    talks: tuple[Conversation, ...] = ()
    jar: tuple[Noticed, ...] = ()
    restriction: Literal["L2", "L3"] | None = None
    past_roles: frozenset[str] = frozenset()
    """The codes of open roles that a hire has filled, or that nothing was written about for ROLE_SLEEPS."""
    working_week: bool = True
    quiet: Quiet = Quiet()
    worked_together: bool = False
    """Whether anything was ever done together."""
    hired_lately: bool = False
    """Whether anybody's search in the journal ended in a hire lately."""
    good_on: tuple[date, ...] = ()
    """The days of the last three weeks on which something good came from them, the oldest first."""
    cheer: str | None = None
    """What there is to celebrate, in words."""

    @property
    def today(self) -> date:
        return self.at.date()

    def last(self, *kinds: str, days: int) -> Happened | None:
        """The newest entry of these kinds that is at most so many days old."""
        return next((one for one in self.recent if one.kind in kinds and self.age(one.on) <= days), None)

    def day(self, moment: datetime) -> date:
        """The day of a moment, where the history is read."""
        return moment.astimezone(self.at.tzinfo).date()

    def due_day(self, due_at: datetime) -> date:
        """The last day on which a loop is in time."""
        return days_domain.last_day(due_at.astimezone(self.at.tzinfo))

    def age(self, day: date) -> int:
        """Whole days since a day."""
        return (self.today - day).days

    def working_age(self, day: date) -> int:
        """Whole working days since a day, as the setting `working_week` counts them."""
        return days_domain.days_between(day, self.today, working_week=self.working_week)

    @property
    def unthanked(self) -> tuple[Unthanked, ...]:
        """What they did that no praise came after, newest first; of help received only its newest day is there."""
        deeds = (Deed(one.id, one.kind, one.on, one.at, one.said) for one in self.recent if one.kind in THANKS_KINDS)
        return unthanked(self.jar, deeds, self.loops, self.at)

    def asked(self) -> list[Promise]:
        """What they were asked for and still owe, the oldest first; favours have no clock and are left out."""
        open_ = [loop for loop in self.loops if loop.owed_by == "them" and loop.state == "open"]
        return sorted(
            (promise for promise in open_ if promise.purpose != "favour"),
            key=lambda promise: (promise.given_at, promise.id),
        )

    @property
    def stand_in(self) -> str | None:
        """Who stands in for them, as it was agreed at a kick-off that is not over."""
        said = (agreement.fields.get("backup") for agreement in self.agreements if agreement.status != "closed")
        return next((str(name) for name in said if name), None)

    def open_reqs(self) -> list[Req]:
        """The roles that are open today."""
        return [req for req in self.reqs if req.closed_on is None or req.closed_on > self.today]

    def unanswered_pushes(self) -> list[Happened]:
        """The last pushes in a row that nothing came back on, the newest first."""
        found = []
        for one in self.recent:
            if KINDS[one.kind].who == "theirs":
                break
            noted = one.kind == "note" and tells_of_silence(one.said)
            found += [one] if one.approach == "push" or noted else []
        return found


Rung = Literal["smaller", "channel", "give", "stand-in", "lead", "pause"]
RUNGS: tuple[Rung, ...] = ("smaller", "channel", "give", "stand-in", "lead", "pause")
"""How somebody silent may be asked, each once, from a smaller request to the pause of the search."""
REST = {"channel": timedelta(days=14), "give": timedelta(days=14), "stand-in": timedelta(days=7), "lead": timedelta(7)}
"""How long nothing follows after a rung."""


def next_rung(
    quiet: Quiet, taken: Iterable[tuple[str, date]], today: date, *, long: bool, stand_in: bool, old: bool = False
) -> Rung | None:
    """What may be done next about a silence, None if nothing.

    `taken` are the rungs that were taken or set aside, with their days; `stand_in` is whether one was agreed on at the
    kick-off. Something that came from them begins anew. A smaller request has its time before a silence is a long one;
    once it is `old`, nothing more goes to them about it.
    """
    since = {name: day for name, day in taken if quiet.heard_on is None or day > quiet.heard_on}
    if "pause" in since:
        return None
    rests = (day + REST.get(name, timedelta(0)) for name, day in since.items())
    if any(today < day for day in rests):
        return None
    left = [
        name for name in RUNGS if name not in since and RUNGS.index(name) > max(map(RUNGS.index, since), default=-1)
    ]
    if quiet.enough or old:
        left = [name for name in left if name not in ("smaller", "channel", "give")]
    if not stand_in:
        left = [name for name in left if name != "stand-in"]
    if not long:
        return "smaller" if "smaller" in left else None
    first = next((name for name in left if name != "smaller"), None)
    fresh = quiet.last_on is not None and today < quiet.last_on + REST["give"]
    return None if first == "give" and fresh else first


def stopped(quiet: Quiet, taken: Iterable[tuple[str, date]]) -> date | None:
    """The day on which the search was paused because nothing came, if nothing came since."""
    return max((day for name, day in taken if name == "pause" and day > (quiet.heard_on or date.min)), default=None)


def with_steps(history: History, steps: Sequence[Step], events: Sequence[StepEvent]) -> Quiet:
    """With the messages of steps that left no entry: what they ask for is theirs to give."""
    sent = {step.id for step in steps if step.to == "them" and (step.kind == PROMISE or KINDS[step.kind].who != "mine")}
    begin = max(history.quiet.heard_on or date.min, history.today - SILENCE)
    days = [event.at.date() for event in events if event.kind == "done" and event.step in sent]
    days = [day for day in days if day > begin]
    last = max((*days, history.quiet.last_on or date.min), default=date.min)
    messages = history.quiet.messages + len(days)
    return history.quiet._replace(messages=messages, last_on=None if last == date.min else last)
