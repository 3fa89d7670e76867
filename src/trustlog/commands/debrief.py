"""`debrief`: after the conversation, first heard, then sorted."""

from typing import Annotated, Any

import typer

from trustlog.ask import Option
from trustlog.commands import boundary, sitting
from trustlog.commands.options import ManagerArgument, complete_kind, session_of
from trustlog.domain.conversation import Conversation
from trustlog.domain.kinds import KINDS
from trustlog.errors import UserError
from trustlog.services import adding, finding, talks
from trustlog.session import Session
from trustlog.view import lines

EVIDENCE = ("feedback-received", "praise-received", "relied-on-me", "confided", "doubt-voiced", "harsh-exchange")
"""What a conversation often turns out to have been."""


def debrief(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    minutes: sitting.Minutes = None,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day of the talk; today.")
    ] = None,
    about: sitting.About = None,
    answers: sitting.Answers = None,
    set_: sitting.Set = None,
    new: Annotated[bool, typer.Option("--new", help="Leave an open preparation alone.")] = False,
    log: Annotated[
        list[str] | None,
        typer.Option(
            "--log", metavar="KIND", help="Write an entry of this kind too; repeats.", autocompletion=complete_kind
        ),
    ] = None,
    later: Annotated[bool, typer.Option("--later", help="Leave the boundary questions for later.")] = False,
    private: sitting.Private = False,
) -> None:
    """
        trustlog debrief marcus --minutes 5

    After the conversation, in 2, 5 or 15 minutes. It picks up the open preparation, or none. Each point is kept
    by itself: used, asked about, parked, set aside with a reason, or left for tomorrow. Nothing is written into
    the journal unless you say so.
    """
    session = session_of(ctx)
    script = session.playbook.script("debrief")
    who = sitting.who(session, manager)
    moment = session.moment(when) if when is not None else session.now
    if moment > session.now:
        raise UserError("future-date", "that day has not come yet", "A debrief looks back.")
    kinds = [finding.kind(one, lambda: session.playbook.aliases) for one in log or []]
    occasion = talks.Occasion(who, "debrief", moment.date(), sitting.minutes_of(minutes), None, about, new)
    given = sitting.given(session, script, answers, set_, who)
    kept = sitting.kept(session, occasion)
    known = kept.conversation.answers("prep") if kept else {}
    done = sitting.hold(session, script, occasion, kept, given, sitting.around(session, who, known))
    sitting.show(session, script, done, "debrief", private=private)
    _afterwards(session, done, known, script.drafts)
    _write_entries(session, done, kinds or _offered(session, done), moment)
    if done.answers("debrief").get("line_crossed") in ("yes", "not-sure"):
        _line_crossed(session, who.handle, later=later)


def _afterwards(session: Session, done: Conversation, known: dict[str, Any], words: Any) -> None:
    """A word for the person, on a terminal only: it reads from the second drawer."""
    if not session.ask.possible:
        return
    answers = done.answers("debrief")
    if answers.get("gate") == "support-page":
        session.screen.note(boundary.support_text(session, private=True))
        return
    if known.get("aftercare") and answers.get("aftercare_status") != "done":
        at = f", {known['aftercare_at']}" if known.get("aftercare_at") else ""
        session.screen.note(words["aftercare"].replace("{aftercare}", f"{known['aftercare']}{at}"))
    session.screen.note(words["stop_here"] if answers.get("gate") == "stop-here" else words["sign_off"])
    if (answers.get("mood_after") or 0) < 0 or answers.get("line_crossed") in ("yes", "not-sure"):
        session.screen.hint("Whenever you want it: trustlog support")


def _offered(session: Session, done: Conversation) -> list[str]:
    """What the person says it was, if anything; nothing is written by itself."""
    answers = done.answers("debrief")
    if answers.get("gate") in ("stop-here", "support-page"):
        return []
    if not session.ask.possible:
        session.screen.hint(f"If it belongs in the journal: trustlog add {done.manager} -k feedback-received")
        return []
    options = [Option(KINDS[name].words, name) for name in EVIDENCE]
    return session.ask.pick("Write any of it into the journal, as what happened?", options, flag="--log")


def _write_entries(session: Session, done: Conversation, kinds: list[str], moment: Any) -> None:
    note = done.answers("debrief").get("headline") or ""
    for kind in kinds:
        told = adding.Telling((done.manager,), kind, moment, note)
        written = adding.add(session.store, told, session.now, session.parameters)
        session.screen.note(lines.summary(written.entries[0][0], session.screen.look._replace(color=False)))


def _line_crossed(session: Session, handle: str, *, later: bool) -> None:
    ask = session.ask
    now = ask.possible and not later
    if now and ask.confirm("Go through a few yes/no questions about it now?", flag="--later", default=True):
        boundary.go_through(session, handle)
    else:
        session.screen.hint(f"When it suits you: trustlog boundary {handle}")
