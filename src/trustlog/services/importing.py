"""What every import is: one change, all or nothing, that tells what it refused and may be rehearsed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from trustlog.domain.conversations.script import Field
from trustlog.domain.outcomes.imported import Imported, Refused
from trustlog.errors import UserError
from trustlog.services.keeping import MANY
from trustlog.store.journal import Journal


class How(NamedTuple):
    """How to import: what words mean, and what may happen."""

    moment: Callable[[str], datetime]
    now: datetime
    aliases: Callable[[], dict[str, str]]
    skip_refused: bool = False
    update: bool = False
    dry_run: bool = False
    before_many: Callable[[], object] = lambda: None
    """Called before the end of an import of many entries; others still see the journal as it was."""
    renamed: Mapping[str, str] = {}
    """Foreign headers of a CSV file, and what they are here."""
    fields: Callable[[str], Mapping[str, Field]] = lambda _: {}
    """The questions of a part of a conversation, whose answers are checked."""
    tick: Callable[[int], None] = lambda _: None
    """Told how many rows were looked at, now and then."""


class Work(Protocol):
    """One import under way."""

    refused: list[Refused]

    def take_all(self) -> None:
        """Read, check, match and write everything, but for what is refused."""

    def done(self) -> Imported:
        """What it came to."""


class _Rehearsed(Exception):  # noqa: N818 - no error: a dry run leaves the transaction by it
    pass


def take_in(journal: Journal, how: How, begin: Callable[[], Work]) -> Imported:
    """One import as one change. Raises what `take_all` raises, and UserError for what was refused unless skipped."""
    try:
        with journal.change("import") as change:
            work = begin()  # knows what is there once nobody else writes
            work.take_all()
            if work.refused and not how.skip_refused:
                raise stopped(work.refused)
            done = work.done()
            if done.added > MANY and not how.dry_run:
                how.before_many()
            change.summary = told(done.added, sum(one.updated for one in done.tallies.values()) or done.updated)
            if how.dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return done


def told(added: int, updated: int, what: str = "entries") -> str:
    """An import in the list of changes: `3 entries`, `2 entries and 1 updated`, `1 updated`."""
    parts = [f"{added} {what}"] if added or not updated else []
    return " and ".join(parts + ([f"{updated} updated"] if updated else []))


def stopped(refused: Sequence[Refused]) -> UserError:
    """What is said when something was refused: the first few, and how many more."""
    shown = "; ".join(f"{one.place}: {one.why}" for one in refused[:5])
    more = f"; and {len(refused) - 5} more" if len(refused) > 5 else ""
    return UserError(
        "conflict" if all(one.why.startswith("conflict") for one in refused) else "bad-file",
        f"nothing was imported: {shown}{more}",
        "Mend them, or leave them out with --skip-refused.",
    )
