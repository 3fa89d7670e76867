"""The inbox: what its lines say, and taking them into the journal as one change."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from trustlog import clock, files
from trustlog.domain import text
from trustlog.domain.days import told_days
from trustlog.domain.entries import Change, Entry, EntryDraft, announced, of_one_sign
from trustlog.domain.inbox import InboxLine, ReadDay, lines_of, read_line
from trustlog.domain.promises import Promise
from trustlog.errors import UserError
from trustlog.services import entries as entries_service
from trustlog.services import finding, promises
from trustlog.store import entries, own_files, people, undo
from trustlog.store.inbox import Inbox
from trustlog.store.journal import Journal, new_uid
from trustlog.store.snapshots import Snapshots

COMMAND = "inbox"
Reads = Callable[[str], tuple[str, ...]]
"""The kinds that words may mean, the best first."""


class SortedLines(NamedTuple):
    """What was written, each with the line it came from; the lines that stay; what went wrong with the file after it,
    if something did; and the promises among them, which are in sight now.
    """

    entries: tuple[tuple[InboxLine, Entry], ...]
    left: tuple[InboxLine, ...]
    trouble: str = ""
    loops: tuple[Promise, ...] = ()


def inbox(setting: str, shelf: Snapshots) -> Inbox:
    """The inbox of the setting, in the home folder unless it names another. Raises UserError `conflict`."""
    file = files.inbox(setting)
    if own_files.is_ours(file, shelf):
        raise UserError(
            "conflict", f"{file} is a file of the journal itself", "Set another: trustlog config set inbox FILE"
        )
    return Inbox(file, files.home())


def waiting(journal: Journal, box: Inbox, reads: Reads, now: datetime) -> list[InboxLine]:
    """Every line with what it says. Raises UserError, OSError."""
    known, day = people.names(journal), cache(day_reader(now))
    found = [read_line(number, raw, known, day, now) for number, raw in lines_of(box.content())]
    kinds = {note: reads(note) for note in dict.fromkeys(line.note for line in found if line.manager and line.note)}
    whom = {handle: (handle, *name.split()) for handle, name in known}
    return [
        _told(line._replace(kinds=kinds.get(line.note, ())), whom[line.manager], day, now) if line.manager else line
        for line in found
    ]


def _told(line: InboxLine, names: Sequence[str], day: ReadDay, now: datetime) -> InboxLine:
    """The line with what it says that I promised, and with the day that its words end with, if no other was named, as
    `add` has it.
    """
    promise = announced(line.note, *names)
    if promise:
        return line._replace(promise=promise, kinds=(), doubt="it tells of a promise of yours")
    if line.when is not None or not line.note:
        return line
    read = map(day, told_days(line.note.split(), lambda: bool(line.kinds)))
    return line._replace(when=next((when for when in read if when is not None and when <= now), None))


def clear(line: InboxLine) -> bool:
    """Whether a line can be taken without asking: one person, words, a day that has come, and one way to read them."""
    return not line.problem and not line.doubt and of_one_sign(line.kinds)


def take(
    journal: Journal, box: Inbox, chosen: Sequence[InboxLine], all_: Sequence[InboxLine], now: datetime
) -> SortedLines:
    """Write the chosen lines as one change, and take them out of the file. Raises UserError; then nothing was done.

    A line that another run took or somebody changed meanwhile is left alone.
    """
    with box.alone():
        box.finish(journal)
        there = Counter(line.strip() for _, line in lines_of(box.content()))
        lines = [line for line in chosen if _still(line, there)]
        left = tuple(line for line in all_ if line not in chosen)
        if not lines:
            return SortedLines((), left)
        uids = [new_uid() for _ in lines]
        done = SortedLines((), left)
        try:
            with box.taking([line.raw for line in lines], uids[0]):
                done = _write(journal, lines, uids, now)._replace(left=left)
        except OSError as error:
            if not done.entries:
                raise UserError(
                    "not-writable",
                    f"lines cannot be taken out of {box.file}: {error.strerror}",
                    "Nothing was taken. Make the folder writable, or set another: trustlog config set inbox FILE",
                ) from error
            return done._replace(trouble=str(error.strerror))
    return done


def _still(line: InboxLine, there: Counter[bytes]) -> bool:
    """Whether a line is in the file still, each as often as it stands there."""
    bare = line.raw.strip()
    there[bare] -= 1
    return there[bare] >= 0


def _write(journal: Journal, lines: Sequence[InboxLine], uids: Sequence[str], now: datetime) -> SortedLines:
    with journal.change(COMMAND) as change:
        done, loops = [], []
        meant = cache(lambda who: finding.manager(journal, who))
        for line, uid in zip(lines, uids, strict=True):
            manager = meant(line.manager or "")
            draft = EntryDraft(manager.id, line.kind, line.when or now, note=line.note, uid=uid)
            done.append((line, entries_service.write(journal, manager, draft)))
            if line.due is not None:
                what = finding.checked(text.line, line.promise, "what you promised")
                loops.append(promises.keep_in_sight(journal, manager.id, what, line.when or now, line.due))
        change.summary = "; ".join(f"{entry.ref} {entry.manager} {entry.kind}" for _, entry in done)
    return SortedLines(tuple(done), (), loops=tuple(loops))


def lines_again(journal: Journal, changes: Sequence[Change]) -> dict[int, list[str]]:
    """Of some changes those that came from the inbox, and their entries as lines that it reads, by the change."""
    found: dict[int, list[str]] = {}
    for change in changes:
        if change.command == COMMAND:
            ids = undo.inserted(journal, change.id, "entries")
            written = entries.by_ids(journal, ids).values()
            found[change.id] = [f"{entry.happened_on} {entry.manager}: {entry.note}" for entry in written]
    return found


def day_reader(now: datetime) -> ReadDay:
    """Reads a phrase as a day, of the past where it leaves that open."""

    def day(text: str) -> datetime | None:
        try:
            return clock.read(text, now, "past")
        except UserError:
            return None

    return day
