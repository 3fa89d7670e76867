"""`kickoff email`: a stage as a letter, to copy, to open in the mail program or to write into a file."""

from typing import Annotated, Any

import typer

from trustlog import files
from trustlog.commands import output as output_command
from trustlog.commands.options import OwnPage, choice, complete_req, moment, session_of, word
from trustlog.commands.output import AsItIs, only_with_copy, own_name
from trustlog.domain import days
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.text import marked, unmarked
from trustlog.services import finding, kickoffs
from trustlog.session import Session
from trustlog.view import kickoffs_mail

FORMATS = ("text", "eml", "mailto")
LONG_LINK = 2000
DAYS_TO_ANSWER = 3


def email(
    ctx: typer.Context,
    req: Annotated[str, typer.Argument(metavar="REQ", help="The role's code.", autocompletion=complete_req)],
    format_: Annotated[str, word("--format", FORMATS, "How to write it.")] = "text",
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="NAME", help="The name below it.")] = None,
    private: OwnPage = False,
    copy: Annotated[bool, typer.Option("--copy", help="Put it on the clipboard.")] = False,
    open_: AsItIs = False,
    sent: Annotated[bool, typer.Option("--sent", help="Note that you sent it.")] = False,
    when: Annotated[str | None, moment("--when -w", "The day you send it; today.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Overwrite the file.")] = False,
) -> None:
    """
        trustlog kickoff email dana-payments-analyst --format eml -o plan.eml

    The email that follows a kick-off: what was agreed, what is open, and each change since. You send it.
    """
    only_with_copy(ctx, copy=copy, open_=open_)
    session = session_of(ctx)
    form, at = choice(format_, FORMATS, "--format"), session.past(when, "Give today or an earlier day.")
    found = kickoffs.of(session.reading, req)
    written = _letter(
        session, found, sender or own_name(session, private) or _nobody(session, as_it_is=open_ or not copy), at
    )
    made = {
        "text": lambda: f"{kickoffs_mail.text(written)}\n",
        "mailto": lambda: f"{kickoffs_mail.mailto(written)}\n",
    }.get(form)
    content = made().encode() if made else kickoffs_mail.eml(written)
    if sent:
        kickoffs.check_open(found, finding.req(session.reading, found.req), at)
    if output is not None:
        files.write(output_command.named_target(session, output, yes=yes), content)
    copied = session.copy(content.decode()) if copy else None
    if sent and (copied is None or copied.worked):
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
    if copied is not None:
        session.screen.hint(f"Copied by {copied.how('Nothing was noted as sent.' if sent else '')}.")


def _nobody(session: Session, *, as_it_is: bool) -> str:
    """What stands below the email of somebody whose name is not known: a question."""
    from trustlog.commands.asking import completed  # what walks scripts is for those who copy

    return unmarked(completed(session, marked("[your name]"), as_it_is=as_it_is))


def _letter(session: Session, found: Agreement, sender: str, at: Any) -> kickoffs_mail.Letter:
    manager = finding.manager(session.reading, found.manager)
    week = session.settings["working_week"]
    day = at.date()
    how = kickoffs_mail.Sending(
        manager.email, sender,
        days.day_after(day, DAYS_TO_ANSWER, working_week=week), days.day_after(day, working_week=week),
    )  # fmt: skip
    script = session.playbook.script("kickoff")
    return kickoffs_mail.letter(found, script.by_stage(), session.playbook.kickoff, how)


def _hints(session: Session, found: Agreement, written: kickoffs_mail.Letter, form: str, length: int) -> None:
    if (form != "text" or written.to) and kickoffs_mail.address(written) is None:
        session.screen.hint(f"No address is known. Note it with: trustlog manager edit {found.manager} --email ADDRESS")
    if form == "mailto" and length > LONG_LINK:
        session.screen.hint("Some mail programs cut links as long as this one; --format eml is the safe way.")
