"""The recruiter's own page and practice: writing it, reading it, wiping it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from trustlog.domain import me, report_practice
from trustlog.domain.asking import BadAnswerError
from trustlog.errors import UserError
from trustlog.services import people_forget as people_forget_service
from trustlog.store import conversations, entries, own_files, people_forget, praise, private
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots


class Wiped(NamedTuple):
    """How many rows went, the files beside the journal's own copies that may still hold them, and the texts that an
    editor left."""

    rows: int
    older_copies: list[str]
    kept: list[str]


def save_profile(journal: Journal, changes: Mapping[str, Any], added: Mapping[str, list[Any] | None]) -> dict[str, Any]:
    """Set fields and add to lists, as one change; the page as it is then. Raises UserError `bad-field`."""
    try:
        with journal.change("me", "your own page"):
            own, fields = private.load_profile(journal), dict(changes)
            for field, more in added.items():
                if more:
                    there = fields.get(field) or own.get(field, [])
                    fields[field] = [*there, *(one for one in more if one not in _profile_named(there))]
            private.save_profile(journal, {field: me.check(field, value) for field, value in fields.items()})
            return private.load_profile(journal)
    except BadAnswerError as error:
        raise UserError("bad-field", str(error), "Mend it and try again; nothing was saved.") from error


def _profile_named(there: list[Any]) -> list[Any]:
    """What a list holds, its people by their names too."""
    return [*there, *(one["name"] for one in there if isinstance(one, dict) and "name" in one)]


def wipe_reflections(shelf: Snapshots, now: datetime) -> Wiped:
    """Delete moods, feelings, boundary answers, free writing and the page, here and in the journal's copies.

    Raises UserError `damaged`, and `conflict` if somebody has the journal open; then nothing was deleted.
    """
    rows = people_forget_service.remove(shelf, "wipe", people_forget.wipe_reflections, now).result
    ours = {one.name for one in shelf.all()}
    left = {file.name for file in shelf.folder.glob("*.db")} - ours if shelf.folder.exists() else set()
    return Wiped(rows, sorted(left), [str(path) for path in own_files.kept_texts(shelf)])


def practice_of(
    journal: Journal, since: date, until: date, moment: datetime | None, *, working_week: bool
) -> report_practice.Practice:
    """The practice of some days, up to a moment if one is given."""
    contacts = entries.contacts(journal, since, until, moment)
    found = report_practice.practice(
        contacts, conversations.all_conversations(journal), since, until, working_week=working_week
    )
    return found._replace(praise=praise.by_channel(journal, since, until, moment))
