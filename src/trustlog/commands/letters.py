"""`brief`, `update` and `handover`: the page before a meeting, Friday's mail, the letter for a colleague."""

import sys
from typing import Annotated

import typer

from trustlog import clock, files
from trustlog.commands import options, people_named
from trustlog.commands.completing import complete_manager_or_req
from trustlog.domain.letters_update import Update
from trustlog.domain.text import questions
from trustlog.services import letters
from trustlog.session import Session
from trustlog.ui.text import flowing
from trustlog.view import letters as view
from trustlog.view import letters_mail


def brief(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    as_of: options.AsOf = None,
) -> None:
    """
        trustlog brief dana

    The page before a meeting: what is owed both ways, what is unthanked, what was agreed, what happened last,
    and a good way to begin. Words only.
    """
    session = options.session_of(ctx)
    at, _ = clock.as_of(as_of, session.now)
    who = people_named.known(session, manager)
    page = letters.brief(session.reading, who, at, session.playbook.openings)
    session.show(page, view.brief_data, view.brief_page)


def update(
    ctx: typer.Context,
    whom: Annotated[
        str,
        typer.Argument(metavar="MANAGER|REQ", help="A manager, or one role.", autocompletion=complete_manager_or_req),
    ],
    since: Annotated[
        str | None, options.moment("--since", "From which day; since the last update, two weeks at most, unless said.")
    ] = None,
    copy: options.Copy = False,
    open_: options.AsItIs = False,
    sent: Annotated[bool, typer.Option("--sent", help="Note that you sent it; asks if blanks are open.")] = False,
    form: Annotated[str, options.word("--format", letters_mail.FORMATS, "How to write it.")] = "text",
    sender: options.Sender = None,
    private: options.OwnPage = False,
) -> None:
    """
        trustlog update dana --copy

    Friday's mail as a draft: what was done, your dated promises, one open question, one thing to thank for.
    What only you can know stands in [brackets]. You change it, and you send it.
    """
    options.only_with_copy(ctx, copy=copy or sent, open_=open_)
    session = options.session_of(ctx)
    form = options.choice(form, letters_mail.FORMATS, "--format")
    manager, req = letters.update_for(session.reading, whom)
    begin = session.past(since, "It says from which day on.").date() if since is not None else None
    wanted = letters.UpdateWanted(manager, req, begin, sender or options.own_name(session, private))
    done = letters.draft_update(session.reading, wanted, session.now, session.playbook.update)
    if copy:
        done = done._replace(marked=options.completed(session, done.marked, as_it_is=open_))
    copied = session.copy(done.text) if copy else None
    if sent and (copied is None or copied.worked) and (open_ or was_sent(session, done)):
        done = letters.update_sent(session.store, done)
    session.show(done, lambda done: view.update_data(done, form), lambda done, look: view.update_mail(done, form, look))
    how = copied.how("Nothing was noted as sent." if sent else "") if copied else ""
    for aside in view.update_asides(done, how):
        session.screen.hint(aside)


def was_sent(session: Session, draft: Update) -> bool:
    """Whether it may be noted as sent: what stands open is named, and asked about where somebody is there."""
    left = questions(draft.marked)
    if not left:
        return True
    session.screen.hint(f"Still open in this draft: [{'], ['.join(left)}]")
    return not session.ask.possible or session.ask.confirm("Did you fill that in, and send it?", flag="--open")


def handover(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    output: options.Output = None,
    sender: options.Sender = None,
    private: options.OwnPage = False,
    yes: options.Overwrite = False,
) -> None:
    """
        trustlog handover dana --output dana.txt

    The letter for the colleague who takes over: what is agreed, what is open both ways, how they like to work, what
    helped, who else matters. No figures, nothing of your own drawer, no notes. Show it to the manager first.
    """
    session = options.session_of(ctx)
    who = people_named.known(session, manager)
    file = options.named_target(session, output, yes=yes) if output is not None else None
    handed = letters.handover(session.reading, who, session.now, sender or options.own_name(session, private))
    letter = letters_mail.handover_text(handed, session.playbook.handover, session.playbook.kickoff)
    if file is not None:
        files.write(file, letter.encode())
    session.show(
        handed,
        lambda handed: letters_mail.handover_data(handed, letter, str(file) if file is not None else None),
        # a pipe gets its lines whole
        lambda _, look: (
            f"Written to {file}"
            if file is not None
            else flowing(letter.rstrip("\n"), min(look.width - 1, 78) if look.terminal else sys.maxsize)
        ),
        leaf=file is None,
    )
    first = "" if handed.held else f" Show it to {who.first_name} before anybody else."
    session.screen.hint(f"What stands in [brackets] only you know.{first}")
