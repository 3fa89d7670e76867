"""`kickoff start --edit`: the whole form in an editor. What cannot be read is kept, to be mended there."""

from typing import Any

from trustlog.commands.words import kickoff_form
from trustlog.commands.words.kickoff_start import Begun, named, places
from trustlog.domain.filling import filled
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import kickoff_roles
from trustlog.session import Session

FORM = "form:"
"""Where a draft keeps a form that could not be read: as it was, and as it was written."""


def waiting(begun: Begun) -> dict[str, str]:
    """A form that could not be read, with `before` and `text`; empty if there is none."""
    kept = begun.draft.get(FORM)
    return kept if isinstance(kept, dict) and {"before", "text"} <= kept.keys() else {}


def edited(session: Session, begun: Begun, given: dict[str, Any]) -> dict[str, Any]:
    """The answers as the editor leaves them.

    Raises UserError `bad-field` for a word that has no place or cannot be the answer; then a draft keeps all of it.
    """
    fields = [field._replace(ask=filled(field.ask, places(begun))) for field in begun.open_fields]
    answers = begun.answers | given
    form = waiting(begun)
    before = form.get("before") or kickoff_form.written(visible(begun.role.title), fields, answers)
    text = form.get("text") or before
    while True:
        text = session.editor.text(text, flag="--answers")
        said = kickoff_form.read(text, before, fields)
        if not said.problems:
            return answers | said.answers
        text = kickoff_form.complained(text, said.problems)
        kept = begun.draft | begun.details | given | said.answers | {FORM: {"before": before, "text": text}}
        kickoff_roles.keep(session.store, begun.role, kept)
        session.editor.written = None  # the draft has it
        way = f"trustlog kickoff start {named(begun.role)} --edit"
        error = UserError(
            "bad-field", "; ".join(said.problems), f"What you wrote is kept as a draft; mend it with: {way}"
        )
        if not session.ask.possible:
            raise error
        session.screen.note(f"{error.message}.")
        try:
            again = session.ask.confirm("Open it again to mend it?", flag="--answers", default=True)
        except (KeyboardInterrupt, EOFError):
            session.screen.note(f"Kept as a draft. Go on with: {way}")
            raise
        if not again:
            raise error


def leave(session: Session, begun: Begun, req: str) -> None:
    """After a start that did not look at it, a form that could not be read waits on."""
    form = waiting(begun)
    if form:
        kickoff_roles.keep(session.store, kickoff_roles.by_code(session.store, req), {FORM: form})
        session.screen.hint(f"What could not be read in the editor still waits: trustlog kickoff start {req} --edit")
