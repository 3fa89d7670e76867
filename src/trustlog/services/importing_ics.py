"""Taking in meetings from a calendar: whom they were with, which are new, and writing those; nobody is made."""

import hashlib

from trustlog.domain import text
from trustlog.domain.calendar import Calendar, Meeting, Taken, with_whom
from trustlog.domain.model import Manager, NewEntry
from trustlog.domain.outcomes.imported import Refused
from trustlog.services.importing import stopped, told
from trustlog.store import entries, meetings, people
from trustlog.store.journal import Journal

CHANNEL = "meeting"


def rehearsed(journal: Journal, calendar: Calendar, *, update: bool = False, dry_run: bool = True) -> Taken:
    """What an import would do; it writes nothing."""
    held, refused, nobody = _held(journal, calendar)
    there = meetings.known(journal, held)
    new = tuple(pair for uid, pair in held.items() if uid not in there)
    changed = _changed(journal, held, there) if update else {}
    return Taken(
        new, len(held) - len(new) - len(changed), len(changed), (*calendar.refused, *refused),
        nobody, calendar.all_day, calendar.cancelled, dry_run,
    )  # fmt: skip


def take_in(journal: Journal, calendar: Calendar, *, update: bool = False, skip_refused: bool = False) -> Taken:
    """Write what is new as one change. What a person made of an entry stays, unless `update` lets the calendar win.

    Raises UserError `bad-file` if something is refused and that was not allowed; then nothing is written.
    """
    with journal.change("import") as change:
        done = rehearsed(journal, calendar, update=update, dry_run=False)  # once nobody else writes
        check(done, skip_refused=skip_refused)
        if done.updated:
            held, _, _ = _held(journal, calendar)
            for entry_id, meeting in _changed(journal, held, meetings.known(journal, held)).items():
                entries.update(journal, entry_id, _told(meeting))
        for manager, meeting in done.new:
            entries.add(journal, _entry(manager, meeting))
        change.summary = told(len(done.new), done.updated, "meetings")
    return done


def check(done: Taken, *, skip_refused: bool) -> None:
    """Raises UserError `bad-file` naming what is refused, unless that may be left out."""
    if done.refused and not skip_refused:
        raise stopped(done.refused)


def _held(journal: Journal, calendar: Calendar) -> tuple[dict[str, tuple[Manager, Meeting]], list[Refused], int]:
    """The meetings with managers by the uid of their entry, what is refused, and how many were with nobody known."""
    managers = people.all_managers(journal)
    held: dict[str, tuple[Manager, Meeting]] = {}
    refused, nobody = [], 0
    for meeting in sorted(calendar.meetings, key=lambda one: (one.start, one.uid, one.occurrence)):
        found = with_whom(meeting, managers)
        nobody += not found
        try:
            text.checked(meeting.summary, "its title")
        except text.BadTextError as error:
            refused += [Refused(meeting.line, str(error))] if found else []
            continue
        held |= {_uid(manager, meeting): (manager, meeting) for manager in found}
    return held, refused, nobody


def _uid(manager: Manager, meeting: Meeting) -> str:
    """The same for the same meeting with the same manager, whatever it is called and whenever it was moved to."""
    named = f"{meeting.uid}\n{meeting.occurrence}\n{manager.uid}"
    return hashlib.sha256(named.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _entry(manager: Manager, meeting: Meeting) -> NewEntry:
    return NewEntry(
        manager_id=manager.id, kind="meeting-held", happened_at=meeting.start, note=meeting.summary, channel=CHANNEL,
        uid=_uid(manager, meeting),
    )  # fmt: skip


def _told(meeting: Meeting) -> dict[str, object]:
    return {"happened_at": meeting.start, "note": meeting.summary}


def _changed(journal: Journal, held: dict[str, tuple[Manager, Meeting]], there: dict[str, int]) -> dict[int, Meeting]:
    """The entries that say something else than the calendar."""
    written = entries.by_ids(journal, there.values())
    return {
        entry_id: held[uid][1]
        for uid, entry_id in there.items()
        if (written[entry_id].happened_at, written[entry_id].note) != (held[uid][1].start, held[uid][1].summary)
    }
