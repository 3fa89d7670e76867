"""Meetings taken in from a calendar, and reminders given to one."""

import hashlib
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any, NamedTuple

from trustlog.domain import text as text_domain
from trustlog.domain.calendars import OURS, Calendar, ImportedMeetings, Meeting, Reminder, soonest_first, with_whom
from trustlog.domain.conversations import FOLLOW_UP, TELL_THEM, Conversation
from trustlog.domain.entries import EntryDraft
from trustlog.domain.outcomes import Refused
from trustlog.domain.people import Manager
from trustlog.domain.promises import Promise
from trustlog.domain.text import filled
from trustlog.errors import UserError
from trustlog.formats import ics_file
from trustlog.services.transfer import imported, stopped
from trustlog.store import conversations, entries, people, promises, undo
from trustlog.store.journal import Journal

_LIBRARIES = ("icalendar", "recurring_ical_events", "x_wr_timezone")


def read_calendar(text: str, begin: datetime, end: datetime) -> Calendar:
    """The meetings that began from `begin` to `end`. Raises UserError `bad-file`, `missing-extra`."""
    found = ics_file.calendars(text)
    with warnings.catch_warnings():
        # what a library has to say of a file is no line for a person; what is wrong with it is told by its line
        warnings.simplefilter("ignore")
        try:
            for library in _LIBRARIES:
                import_module(library)  # 150 ms, only when a calendar is read
        except ModuleNotFoundError as error:
            raise UserError(
                "missing-extra",
                "reading a calendar needs an extra part",
                "Install it: pip install 'trustlog[calendar]'",
            ) from error
        from trustlog.formats.ics_meetings import meetings  # imports the libraries

        return meetings(found, begin, end)


CHANNEL = "meeting"


def rehearse_meetings(
    journal: Journal, calendar: Calendar, *, update: bool = False, dry_run: bool = True
) -> ImportedMeetings:
    """What an import would do; it writes nothing."""
    return _compared(journal, calendar, update=update)[0]._replace(dry_run=dry_run)


def _compared(journal: Journal, calendar: Calendar, *, update: bool) -> tuple[ImportedMeetings, dict[int, Meeting]]:
    """The meetings beside the journal, and the entries that are to become what the calendar says."""
    held, refused, nobody = _meetings_held(journal, calendar)
    there = entries.known_meetings(journal, held)
    new = tuple(pair for uid, pair in held.items() if uid not in there)
    changed = _changed(journal, held, there) if update else {}
    return ImportedMeetings(
        new, len(held) - len(new) - len(changed), len(changed), (*calendar.refused, *refused),
        nobody, calendar.all_day, calendar.cancelled, False, calendar.declined, calendar.older,
    ), changed  # fmt: skip


def import_meetings(
    journal: Journal, calendar: Calendar, *, update: bool = False, skip_refused: bool = False
) -> ImportedMeetings:
    """Write what is new as one change. What a person made of an entry stays, unless `update` lets the calendar win.

    Raises UserError `bad-file` if something is refused and that was not allowed; then nothing is written.
    """
    with journal.change("import") as change:
        done, changed = _compared(journal, calendar, update=update)  # once nobody else writes
        check_meetings(done, skip_refused=skip_refused)
        for entry_id, meeting in changed.items():
            entries.update(journal, entry_id, {"happened_at": meeting.start, "note": meeting.summary})
        for manager, meeting in done.new:
            entries.add(journal, _entry(manager, meeting))
        change.summary = imported(len(done.new), done.updated, "meeting", "meetings")
    return done


def check_meetings(done: ImportedMeetings, *, skip_refused: bool) -> None:
    """Raises UserError `bad-file` naming what is refused, unless that may be left out."""
    if done.refused and not skip_refused:
        raise stopped(done.refused)


def _meetings_held(
    journal: Journal, calendar: Calendar
) -> tuple[dict[str, tuple[Manager, Meeting]], list[Refused], int]:
    """The meetings with managers by the uid of their entry, what is refused, and how many were with nobody known."""
    managers = people.all_managers(journal)
    plain = _shared(journal, calendar, managers)
    held: dict[str, tuple[Manager, Meeting]] = {}
    refused, nobody = [], 0
    for meeting in sorted(calendar.meetings, key=lambda meeting: (meeting.start, meeting.uid, meeting.occurrence)):
        found = with_whom(meeting, managers)
        nobody += not found
        try:
            text_domain.checked(meeting.summary, "its title")
        except text_domain.BadTextError as error:
            refused += [Refused(meeting.line, str(error))] if found else []
            continue
        held |= {plain.get((manager.uid, meeting), _uid(manager, meeting)): (manager, meeting) for manager in found}
    return held, refused, nobody


def _shared(journal: Journal, calendar: Calendar, managers: list[Manager]) -> dict[tuple[str, Meeting], str]:
    """The uids of entries that were written when no other meeting in the file had theirs, by manager and meeting."""
    uids = {
        (manager.uid, meeting): _uid(manager, meeting._replace(occurrence=""))
        for meeting in calendar.meetings
        if meeting.shared
        for manager in with_whom(meeting, managers)
    }
    ids = entries.known_meetings(journal, uids.values())
    written = entries.by_ids(journal, ids.values())
    return {
        (manager, meeting): uid
        for (manager, meeting), uid in uids.items()
        if uid in ids and written[ids[uid]].happened_at == meeting.start
    }


def _uid(manager: Manager, meeting: Meeting) -> str:
    """The same for the same meeting with the same manager, whatever it is called and whenever it was moved to."""
    named = f"{meeting.uid}\n{meeting.occurrence}\n{manager.uid}"
    return hashlib.sha256(named.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _entry(manager: Manager, meeting: Meeting) -> EntryDraft:
    return EntryDraft(
        manager_id=manager.id, kind="meeting-held", happened_at=meeting.start, note=meeting.summary, channel=CHANNEL,
        uid=_uid(manager, meeting),
    )  # fmt: skip


def _changed(journal: Journal, held: dict[str, tuple[Manager, Meeting]], there: dict[str, int]) -> dict[int, Meeting]:
    """The entries that say something else than the calendar."""
    written = entries.by_ids(journal, there.values())
    return {
        entry_id: held[uid][1]
        for uid, entry_id in there.items()
        if (written[entry_id].happened_at, written[entry_id].note) != (held[uid][1].start, held[uid][1].summary)
    }


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


def reminders(journal: Journal, wish: CalendarWish, words: Mapping[str, Any]) -> tuple[list[Reminder], datetime]:
    """The reminders, the soonest first, and the moment that they tell of: the last change of the journal.

    The same journal gives the same reminders on the same day. The texts of reflections are in none.
    """
    first = {manager.handle: manager.first_name for manager in people.all_managers(journal)}
    work = _ReminderWork(wish, words, first)
    who = wish.manager
    everyone = [who] if who is not None else people.all_managers(journal)
    loops = [promise for manager in everyone for promise in promises.all_of(journal, manager.id)]
    held = conversations.all_conversations(journal, who.id if who is not None else None)
    found = [reminder for loop in loops for reminder in work.loop(loop)]
    found += [reminder for talk in held for reminder in (*work.talk(talk), *work.days_after(talk))]
    kept = [reminder for reminder in found if wish.until is None or reminder.day <= wish.until]
    return soonest_first(kept), _stamp(journal, loops, held)


class _ReminderWork:
    """One calendar being made."""

    def __init__(self, wish: CalendarWish, words: Mapping[str, Any], first: Mapping[str, str]) -> None:
        self.wish, self.words, self.first = wish, words, first
        self.told_from = wish.now.date() - STILL_TOLD

    def loop(self, promise: Promise) -> Iterator[Reminder]:
        """An open loop with a due time, or one that was settled lately."""
        if promise.due_at is None or (promise.settled_at is not None and promise.settled_at.date() < self.told_from):
            return
        kind = "promise" if promise.owed_by == "me" else "answer"
        revision = promise.renegotiated + (promise.settled_at is not None)
        yield self._timed(kind, promise, (promise.due_at, LOOP_LASTS, LOOP_ALARM), promise.what)._replace(
            revision=revision, over=promise.settled_at is not None
        )

    def talk(self, conversation: Conversation) -> Iterator[Reminder]:
        """A prepared conversation with a time, as long as it has not been debriefed."""
        if conversation.planned_for is not None and conversation.state == "prepared":
            note = conversation.about or conversation.answers("prep").get("purpose") or ""
            yield self._timed("talk", conversation, (conversation.planned_for, TALK_LASTS, TALK_ALARM), note)

    def days_after(self, conversation: Conversation) -> Iterator[Reminder]:
        """What a check-in asks: the next morning, what is being tried, what came of it, and what was put off."""
        debrief = conversation.sitting("debrief")
        if debrief is None or not debrief.finished:
            return
        checked = [sitting for sitting in conversation.sittings if sitting.part == "checkin" and sitting.finished]
        asked_on = next((sitting.on for sitting in checked if "mood_next_day" in sitting.answers), None)
        if debrief.answers.get("checkin_optin"):
            yield from self._on(conversation, "next-day", debrief.on + timedelta(days=1), "", over=asked_on)
        for action in conversation.actions:
            yield from self._action(conversation, debrief.on, action)
        for item in conversation.items:
            if item.get("until"):
                # decided since, in the last check-in; what was never put off is left out as long over
                decided = item.get("decision") != "park"
                over = (checked[-1].on if checked else date.min) if decided else None
                yield from self._on(conversation, "parked", date.fromisoformat(item["until"]), item["text"], over=over)

    def _action(self, conversation: Conversation, on: date, action: Mapping[str, Any]) -> Iterator[Reminder]:
        said = conversation.followed_up(action["text"])
        finished = said.get("done") is not None or said.get("next") == "drop"
        day = date.fromisoformat(action["due"]) if action.get("due") else on + FOLLOW_UP
        note = action.get("then_action") or action["text"]
        # named by its text, so that another date moves the same event
        name, last = action["text"], said.get("on")
        yield from self._on(conversation, "follow-up", day, note, over=last if finished else None, named=name)
        if said.get("done"):
            told = said.get("told") is not None
            yield from self._on(
                conversation, "tell-them", on + TELL_THEM, note, over=last if told else None, named=name
            )

    def _timed(
        self, kind: str, one: Promise | Conversation, times: tuple[datetime, timedelta, timedelta], note: str
    ) -> Reminder:
        start, lasts, usual = times
        alarm = usual if self.wish.alarm is None else self.wish.alarm
        return self._reminder(
            kind, one, note, uid=f"{one.uid}-{kind}{OURS}", start=start, end=start + lasts,
            alarm=-alarm if alarm else None,
        )  # fmt: skip

    def _on(
        self, conversation: Conversation, kind: str, day: date, note: str, *, over: date | None, named: str = ""
    ) -> Iterator[Reminder]:
        """A reminder of a whole day; nothing if it was over long ago."""
        if over is not None and over < self.told_from:
            return
        which = (
            hashlib.sha256(f"{conversation.uid}\n{named or note}".encode()).hexdigest()[:12] if named or note else ""
        )
        uid = "-".join(part for part in (conversation.uid, kind, which) if part) + OURS
        silent = self.wish.alarm is not None and not self.wish.alarm
        yield self._reminder(
            kind, conversation, note, uid=uid, start=day, end=day + timedelta(days=1),
            alarm=None if silent else MORNING,
            over=over is not None,
            revision=sum(sitting.part == "checkin" and sitting.finished for sitting in conversation.sittings),
        )  # fmt: skip

    def _reminder(self, kind: str, one: Promise | Conversation, note: str, **more: Any) -> Reminder:
        """A reminder in the words of its kind; `more` is what the kind knows of its time."""
        places = {"name": self.first[one.manager], "handle": one.manager, "id": str(one.id)}
        way = filled(self.words["ways"][kind], places)
        description = f"{note}\n\n{way}" if self.wish.notes and note else way
        summary = filled(self.words["summaries"][kind], places)
        return Reminder(kind=kind, manager=one.manager, summary=summary, description=description, **more)


def _stamp(journal: Journal, loops: list[Promise], held: list[Conversation]) -> datetime:
    """When the journal was last changed; where that was forgotten, the last thing that it tells of."""
    last = undo.changes(journal, 1)
    if last:
        return last[0].at
    moments = [loop.settled_at or loop.given_at for loop in loops]
    days = [sitting.on for talk in held for sitting in talk.sittings]
    moments += [datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in days]
    return max(moments, default=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
