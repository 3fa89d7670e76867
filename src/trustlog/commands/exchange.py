"""`import`: entries from a file."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from trustlog.commands.options import session_of
from trustlog.errors import UserError
from trustlog.services import importing
from trustlog.view import exchange as view


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CSV file; - reads standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave out rows that cannot be taken in.")
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="Let the file win over entries with the same uid.")] = False,
) -> None:
    """
        trustlog import interactions.csv --dry-run

    Take in entries from a CSV file with the headers uid, manager, name, team, kind, size, when, channel, req,
    approach, evidence, tags and note: any of them, but manager, and when or note. Importing twice adds nothing.
    """
    session = session_of(ctx)
    how = importing.How(session.moment, session.now, lambda: session.playbook.aliases, skip_refused, update, dry_run)
    with _opened(file) as lines:
        # a rehearsal in an empty home makes no journal
        rehearsal = dry_run and not session.file.exists()
        done = importing.import_csv(session.scratch() if rehearsal else session.store, lines, how)
    session.show(done, view.data, view.lines)


@contextmanager
def _opened(file: str) -> Iterator[io.TextIOBase]:
    """The file as text; a byte-order mark is forgiven."""
    if file == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        return
    if Path(file).suffix.lower() not in (".csv", ".txt", ""):
        raise UserError("bad-file", f"{file} does not look like CSV", "Import a .csv file, or - for standard input.")
    with open(file, encoding="utf-8-sig", newline="") as lines:  # noqa: PTH123 - a path as it was typed
        yield lines
