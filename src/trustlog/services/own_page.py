"""The recruiter's own page: writing it, and wiping all they ever said about themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from trustlog.domain.conversations import profile as page
from trustlog.domain.conversations.answers import BadAnswerError
from trustlog.errors import UserError
from trustlog.services import forgetting
from trustlog.store import profile, wiping
from trustlog.store.disk.snapshots import Shelf
from trustlog.store.journal import Journal


class Wiped(NamedTuple):
    """How many rows went, and the files beside the journal's own copies that may still hold them."""

    rows: int
    older_copies: list[str]


def save(journal: Journal, changes: Mapping[str, Any], added: Mapping[str, list[Any] | None]) -> dict[str, Any]:
    """Set fields and add to lists, as one change; the page as it is then. Raises UserError `bad-field`."""
    try:
        with journal.change("me", "your own page"):
            own, fields = profile.load(journal), dict(changes)
            for field, more in added.items():
                if more:
                    there = fields.get(field) or own.get(field, [])
                    fields[field] = [*there, *(one for one in more if one not in _named(there))]
            profile.save(journal, {field: page.check(field, value) for field, value in fields.items()})
            return profile.load(journal)
    except BadAnswerError as error:
        raise UserError("bad-field", str(error), "Mend it and try again; nothing was saved.") from error


def _named(there: list[Any]) -> list[Any]:
    """What a list holds, its people by their names too."""
    return [*there, *(one["name"] for one in there if isinstance(one, dict) and "name" in one)]


def wipe(journal: Journal, shelf: Shelf, now: datetime) -> Wiped:
    """Delete moods, feelings, boundary answers, free writing and the page, here and in the journal's copies."""
    rows = wiping.wipe_reflections(journal)
    forgetting.renew_copies(journal, shelf, now)
    ours = {one.name for one in shelf.all()}
    left = {file.name for file in shelf.folder.glob("*.db")} - ours if shelf.folder.exists() else set()
    return Wiped(rows, sorted(left))
