"""What a calendar is told of the journal: open loops, conversations that are planned, and the days after them."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.calendar import OURS, Reminder, soonest_first
from trustlog.domain.conversations.conversation import FOLLOW_UP, TELL_THEM, Conversation
from trustlog.domain.filling import filled
from trustlog.domain.model import Manager
from trustlog.store import commitments, people, talks, undo
from trustlog.store.journal import Journal

LOOP_ALARM = timedelta(hours=1)
TALK_ALARM = timedelta(minutes=15)
MORNING = timedelta(hours=9)
"""When a reminder that lasts all day speaks up."""
LOOP_LASTS = timedelta(minutes=15)
TALK_LASTS = timedelta(minutes=30)
STILL_TOLD = timedelta(days=30)
"""How long what is over is told as cancelled, so that importing again takes it out of the calendar."""


class CalendarWish(NamedTuple):
    """What the calendar is to hold. `alarm` is the time before; zero is no alarm, None what is usual."""

    now: datetime
    manager: Manager | None = None
    until: date | None = None
    alarm: timedelta | None = None
    notes: bool = False


class Reminders(NamedTuple):
    """The reminders, the soonest first, and the moment that they tell of: the last change of the journal."""

    found: list[Reminder]
    stamp: datetime


def reminders(journal: Journal, wish: CalendarWish, words: Mapping[str, Any]) -> Reminders:
    """The same journal gives the same reminders on the same day. The texts of reflections are in none."""
    first = {one.handle: one.first_name for one in people.all_managers(journal)}
    work = _Work(wish, words, first)
    who = wish.manager
    everyone = [who] if who is not None else people.all_managers(journal)
    loops = [one for manager in everyone for one in commitments.all_of(journal, manager.id)]
    held = talks.all_talks(journal, who.id if who is not None else None)
    found = [one for loop in loops for one in work.loop(loop)]
    found += [one for talk in held for one in (*work.talk(talk), *work.days_after(talk))]
    kept = [one for one in found if wish.until is None or one.day <= wish.until]
    return Reminders(soonest_first(kept), _stamp(journal, loops, held))


class _Work:
    """One calendar being made."""

    def __init__(self, wish: CalendarWish, words: Mapping[str, Any], first: Mapping[str, str]) -> None:
        self.wish, self.words, self.first = wish, words, first
        self.told_from = wish.now.date() - STILL_TOLD

    def loop(self, one: Commitment) -> Iterator[Reminder]:
        """An open loop with a due time, or one that was settled lately."""
        if one.due_at is None or (one.settled_at is not None and one.settled_at.date() < self.told_from):
            return
        kind = "promise" if one.owed_by == "me" else "answer"
        revision = one.renegotiated + (one.settled_at is not None)
        yield self._timed(kind, one, (one.due_at, LOOP_LASTS, LOOP_ALARM), one.what)._replace(
            revision=revision, over=one.settled_at is not None
        )

    def talk(self, one: Conversation) -> Iterator[Reminder]:
        """A prepared conversation with a time, as long as it has not been debriefed."""
        if one.planned_for is not None and one.state == "prepared":
            note = one.about or one.answers("prep").get("purpose") or ""
            yield self._timed("talk", one, (one.planned_for, TALK_LASTS, TALK_ALARM), note)

    def days_after(self, one: Conversation) -> Iterator[Reminder]:
        """What a check-in asks: the next morning, what is being tried, what came of it, and what was put off."""
        debrief = one.sitting("debrief")
        if debrief is None or not debrief.finished:
            return
        checked = [sitting for sitting in one.sittings if sitting.part == "checkin" and sitting.finished]
        asked_on = next((sitting.on for sitting in checked if "mood_next_day" in sitting.answers), None)
        if debrief.answers.get("checkin_optin"):
            yield from self._on(one, "next-day", debrief.on + timedelta(days=1), "", over=asked_on)
        for action in one.actions:
            yield from self._action(one, debrief.on, action)
        for item in one.items:
            if item.get("until"):
                # decided since, in the last check-in; what was never put off is left out as long over
                decided = item.get("decision") != "park"
                over = (checked[-1].on if checked else date.min) if decided else None
                yield from self._on(one, "parked", date.fromisoformat(item["until"]), item["text"], over=over)

    def _action(self, one: Conversation, on: date, action: Mapping[str, Any]) -> Iterator[Reminder]:
        said = one.followed_up(action["text"])
        finished = said.get("done") is not None or said.get("next") == "drop"
        day = date.fromisoformat(action["due"]) if action.get("due") else on + FOLLOW_UP
        note = action.get("then_action") or action["text"]
        # named by its text, so that another date moves the same event
        name, last = action["text"], said.get("on")
        yield from self._on(one, "follow-up", day, note, over=last if finished else None, named=name)
        if said.get("done"):
            told = said.get("told") is not None
            yield from self._on(one, "tell-them", on + TELL_THEM, note, over=last if told else None, named=name)

    def _timed(
        self, kind: str, one: Commitment | Conversation, times: tuple[datetime, timedelta, timedelta], note: str
    ) -> Reminder:
        start, lasts, usual = times
        alarm = usual if self.wish.alarm is None else self.wish.alarm
        return self._reminder(
            kind, one, note, uid=f"{one.uid}-{kind}{OURS}", start=start, end=start + lasts,
            alarm=-alarm if alarm else None,
        )  # fmt: skip

    def _on(
        self, one: Conversation, kind: str, day: date, note: str, *, over: date | None, named: str = ""
    ) -> Iterator[Reminder]:
        """A reminder of a whole day; nothing if it was over long ago."""
        if over is not None and over < self.told_from:
            return
        which = hashlib.sha256(f"{one.uid}\n{named or note}".encode()).hexdigest()[:12] if named or note else ""
        uid = "-".join(part for part in (one.uid, kind, which) if part) + OURS
        silent = self.wish.alarm is not None and not self.wish.alarm
        yield self._reminder(
            kind, one, note, uid=uid, start=day, end=day + timedelta(days=1), alarm=None if silent else MORNING,
            over=over is not None,
            revision=sum(sitting.part == "checkin" and sitting.finished for sitting in one.sittings),
        )  # fmt: skip

    def _reminder(self, kind: str, one: Commitment | Conversation, note: str, **more: Any) -> Reminder:
        """A reminder in the words of its kind; `more` is what the kind knows of its time."""
        places = {"name": self.first[one.manager], "handle": one.manager, "id": str(one.id)}
        way = filled(self.words["ways"][kind], places)
        description = f"{note}\n\n{way}" if self.wish.notes and note else way
        summary = filled(self.words["summaries"][kind], places)
        return Reminder(kind=kind, manager=one.manager, summary=summary, description=description, **more)


def _stamp(journal: Journal, loops: list[Commitment], held: list[Conversation]) -> datetime:
    """When the journal was last changed; where that was forgotten, the last thing that it tells of."""
    last = undo.changes(journal, 1)
    if last:
        return last[0].at
    moments = [one.settled_at or one.given_at for one in loops]
    days = [sitting.on for one in held for sitting in one.sittings]
    moments += [datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in days]
    return max(moments, default=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
