"""`import`: entries from a file."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from trustlog.commands.options import session_of
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import importing
from trustlog.view.look import Look


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
    session.show(done, _data, _lines)


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


def _data(done: importing.Imported) -> dict[str, Any]:
    return {
        "added": done.added, "unchanged": done.unchanged, "updated": done.updated,
        "refused": [one._asdict() for one in done.refused], "managers": list(done.managers),
        "reqs": list(done.reqs), "dry_run": done.dry_run,
    }  # fmt: skip


def _few(names: tuple[str, ...]) -> str:
    """The first dozen of many names, and how many more there are; JSON has them all."""
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _lines(done: importing.Imported, look: Look) -> str:
    entries = f"{done.added} {'entry' if done.added == 1 else 'entries'}"
    parts = [f"{'Would add' if done.dry_run else 'Added'} {entries}"]
    if done.updated:
        parts.append(f"changed {done.updated}")
    if done.unchanged:
        parts.append(f"{done.unchanged} already there")
    lines = [", ".join(parts) + "."]
    for what, made in (("New managers", done.managers), ("New roles", done.reqs)):
        if made:
            lines.append(f"{what}: {visible(_few(made))}")
    lines += [look.paint(f"Left out line {one.row}: {visible(one.why)}", "due") for one in done.refused]
    return "\n".join(lines)
