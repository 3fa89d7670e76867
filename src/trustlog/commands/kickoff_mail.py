"""`kickoff email`: the email that follows a kick-off, to be sent by hand."""

from typing import Annotated, Any

import typer

from trustlog import files
from trustlog.commands.words import targets
from trustlog.commands.words.entry_words import choice
from trustlog.commands.words.options import complete_req, one_of, own_name, session_of
from trustlog.domain import working_time
from trustlog.domain.agreements.agreement import Agreement
from trustlog.services import finding, kickoffs
from trustlog.session import Session
from trustlog.view import email as view

FORMATS = ("text", "eml", "mailto")
LONG_LINK = 2000
DAYS_TO_ANSWER = 3


def email(
    ctx: typer.Context,
    req: Annotated[str, typer.Argument(metavar="REQ", help="The role's code.", autocompletion=complete_req)],
    format_: Annotated[
        str,
        typer.Option("--format", metavar="text|eml|mailto", help="How to write it.", autocompletion=one_of(*FORMATS)),
    ] = "text",
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="NAME", help="The name below it.")] = None,
    sent: Annotated[bool, typer.Option("--sent", help="Note that you sent it.")] = False,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day you send it; today.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Overwrite the file.")] = False,
) -> None:
    """
        trustlog kickoff email dana-payments-analyst --format eml -o plan.eml

    The email that follows a kick-off: what was agreed, what is open, and each change since. You send it.
    """
    session = session_of(ctx)
    form, at = choice(format_, FORMATS, "--format"), session.past(when, "Give today or an earlier day.")
    found = kickoffs.of(session.reading, req)
    written = _letter(session, found, sender, at)
    made = {"text": lambda: f"{view.text(written)}\n", "mailto": lambda: f"{view.mailto(written)}\n"}.get(form)
    content = made().encode() if made else view.eml(written)
    if sent:
        kickoffs.check_open(found, finding.req(session.reading, found.req), at)
    if output is not None:
        files.write(targets.named(session, output, yes=yes), content)
    if sent:
        kickoffs.sent(session.store, found.req, at)
    shown = content.decode().replace("\r\n", "\n").removesuffix("\n")
    session.show(
        written,
        lambda one: {
            "email": {"to": one.to, "subject": one.subject, "body": one.body}, "format": form, "text": shown,
            "output": output, "sent": sent,
        },
        lambda _, __: f"Written to {output}" if output is not None else shown,
    )  # fmt: skip
    _hints(session, found, written, form, len(shown))


def _letter(session: Session, found: Agreement, sender: str | None, at: Any) -> view.Letter:
    manager = finding.manager(session.reading, found.manager)
    week = session.settings["working_week"]
    day = at.date()
    how = view.Sending(
        manager.email, sender or own_name(session) or "",
        working_time.day_after(day, DAYS_TO_ANSWER, working_week=week), working_time.day_after(day, working_week=week),
    )  # fmt: skip
    script = session.playbook.script("kickoff")
    return view.letter(found, script.by_stage(), session.playbook.kickoff, how)


def _hints(session: Session, found: Agreement, written: view.Letter, form: str, length: int) -> None:
    if form != "text" and view.address(written) is None:
        session.screen.hint(f"No address is known. Note it with: trustlog manager edit {found.manager} --email ADDRESS")
    if form == "mailto" and length > LONG_LINK:
        session.screen.hint("Some mail programs cut links as long as this one; --format eml is the safe way.")
