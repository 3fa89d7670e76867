"""A file that a person names to be written: asked about if something stands there, alike for every command."""

from pathlib import Path

from trustlog import files, paths
from trustlog.errors import UserError
from trustlog.session import Session


def named(session: Session, typed: str, *, yes: bool) -> Path:
    """The file that a word names, once it may be written. Raises UserError as `cleared` does."""
    return cleared(session, paths.expanded(typed), yes=yes)


def cleared(session: Session, file: Path, *, yes: bool) -> Path:
    """The file, once it may be written: what stands there is asked about at a terminal, or needs --yes.

    Raises UserError `file-exists`, `conflict` for the journal itself, `bad-file` for what no file can be written to.
    """
    there = files.would_replace(file)
    if there and session.file.exists() and file.samefile(session.file):
        raise UserError("conflict", f"{file} is the journal itself", "Name another file.")
    if there and not yes and session.ask.possible:
        yes = session.ask.confirm(f"{file} is already there. Overwrite it?", flag="--yes")
    files.check_free(file, replace=yes)
    return file
