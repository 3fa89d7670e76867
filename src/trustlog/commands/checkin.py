"""`checkin`: the day after, and the weeks after."""

from typing import Annotated

import typer

from trustlog.commands.words import sitting
from trustlog.commands.words.options import Answers, ManagerArgument, Set, session_of
from trustlog.domain.conversations.conversation import due
from trustlog.services import checking_in, messages, talks
from trustlog.view import checkin as view
from trustlog.view import data_talk


def checkin(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day of the check-in; today.")
    ] = None,
    answers: Answers = None,
    set_: Set = None,
    private: sitting.Private = False,
) -> None:
    """
        trustlog checkin marcus

    What is due after a conversation: how you are, points you left for tomorrow, what you wanted to try. Without
    a manager it lists what is due.
    """
    if manager is None and (answers or set_):
        raise typer.BadParameter("answers need a MANAGER", ctx=ctx)
    session = session_of(ctx)
    on = session.past(when, "A check-in is about today or an earlier day.").date()
    if manager is None:
        session.show(checking_in.all_due(session.reading, on), view.due_data, view.due_lines)
        return
    who = sitting.who(session, manager)
    script = session.playbook.script("checkin")
    occasion = talks.Occasion(who, "checkin", on, 5)
    given = sitting.given(session, script, answers, set_, occasion)
    going_on = talks.to_go_on_with(session.store, occasion)
    known = checking_in.asks(session.store, who, due(going_on, on) if going_on else None, on)
    known["aftercare"] = going_on.answers("prep").get("aftercare") if going_on else None
    held = sitting.hold(session, script, occasion, going_on, given, sitting.around(session, occasion, known))
    done = sitting.finish(session, occasion, held).conversation
    shown = session.may_show_private(private)
    made = messages.to_send(script, done, "checkin", private=shown)
    gut = checking_in.compared(session.store, who, done, on, session.parameters) if shown else None
    session.show(
        done,
        lambda done: data_talk.conversation(done, [], made, private=private),
        lambda done, look: view.checked_in(done, gut, made, look),
    )
