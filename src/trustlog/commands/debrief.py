"""`debrief`: after the conversation, first heard, then sorted."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from trustlog.ask import Option
from trustlog.commands import boundary
from trustlog.commands.words import sitting
from trustlog.commands.words.options import Answers, ManagerArgument, Set, complete_kind, session_of
from trustlog.domain.conversations.conversation import Conversation, due, settled
from trustlog.domain.filling import filled
from trustlog.domain.kinds import KINDS
from trustlog.domain.model import Manager
from trustlog.services import talks
from trustlog.services.adding import Telling
from trustlog.session import Session
from trustlog.view import lines

EVIDENCE = ("feedback-received", "praise-received", "relied-on-me", "confided", "doubt-voiced", "harsh-exchange")
"""What a conversation often turns out to have been."""
ENDS = ("stop-here", "support-page")


def debrief(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    minutes: sitting.Minutes = None,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day of the talk; today.")
    ] = None,
    about: sitting.About = None,
    answers: Answers = None,
    set_: Set = None,
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
    moment = session.past(when, "A debrief looks back.")
    kinds = [session.kind(one) for one in log or []]
    occasion = talks.Occasion(who, "debrief", moment.date(), sitting.minutes_of(minutes), None, about, new)
    going_on = talks.to_go_on_with(session.store, occasion)
    begun = talks.under_way(going_on, "debrief")
    if when is None and begun is not None:  # what was begun about a day goes on about that day
        occasion = occasion._replace(on=begun.on)
        moment = sitting.here(session, occasion)
    given = sitting.given(session, script, answers, set_, occasion)
    known = going_on.answers("prep") if going_on else {}
    held = sitting.hold(session, script, occasion, going_on, given, sitting.around(session, occasion, known))
    told = _told(session, who, moment, held[2], kinds or _offered(session, held[2]))
    done = sitting.finish(session, occasion, held, told)
    sitting.show(session, script, done.conversation, "debrief", private=private)
    for entry in done.entries:
        session.screen.hint(lines.summary(entry, session.screen.look._replace(color=False)))
    _afterwards(session, done, script.notes)
    _line_crossed(session, done.conversation, moment.date(), later=later)
    _come_back(session, done.conversation, moment.date())
    if not told and not session.ask.possible:
        session.screen.hint(f"If it belongs in the journal: trustlog add {who.handle} -k feedback-received")


def _afterwards(session: Session, done: talks.Finished, words: Any) -> None:
    """A word for the person, on a terminal only: it reads from the second drawer."""
    if not session.ask.possible:
        return
    answers, planned = done.conversation.answers("debrief"), done.conversation.answers("prep")
    if answers.get("gate") == "support-page":
        session.screen.note(boundary.support_page(session, private=True))
        return
    if planned.get("aftercare") and answers.get("aftercare_status") != "done":
        at = f", {planned['aftercare_at']}" if planned.get("aftercare_at") else ""
        session.screen.note(filled(words["aftercare"], {"aftercare": f"{planned['aftercare']}{at}"}))
    if answers.get("gate") == "stop-here":
        session.screen.note(words["stop_here"])
    elif done.entries or any(value is not None for name, value in answers.items() if name != "gate"):
        session.screen.note(words["sign_off"])
    if (answers.get("mood_after") or 0) < 0 or answers.get("line_crossed") in ("yes", "not-sure"):
        session.screen.note("Whenever you want it: trustlog support")


def _offered(session: Session, answers: dict[str, Any]) -> list[str]:
    """What the person says it was, if anything; nothing is written by itself."""
    if not session.ask.possible or answers.get("gate") in ENDS:
        return []
    options = [Option(KINDS[name].words, name) for name in EVIDENCE]
    return session.ask.pick("Write any of it into the journal, as what happened?", options, flag="--log")


def _told(session: Session, who: Manager, moment: datetime, answers: dict[str, Any], kinds: list[str]) -> list[Telling]:
    """The entries that go with the debrief, with its headline as their text."""
    note = answers.get("headline") or ""
    return [Telling((who.handle,), kind, min(moment, session.now), note) for kind in dict.fromkeys(kinds)]


def _line_crossed(session: Session, done: Conversation, on: date, *, later: bool) -> None:
    """When a line was crossed: the boundary questions, at once or whenever it suits."""
    if done.answers("debrief").get("line_crossed") not in ("yes", "not-sure"):
        return
    ask = session.ask
    now = ask.possible and not later and done.answers("debrief").get("gate") not in ENDS
    if now and ask.confirm("Go through a few yes/no questions about it now?", flag="--later", default=True):
        boundary.go_through(session, done.manager, on)
    else:
        session.screen.hint(f"When it suits you: trustlog boundary {done.manager}")


def _come_back(session: Session, done: Conversation, on: date) -> None:
    """Where a check-in will have something to ask; on a terminal only, because it reads from the second drawer."""
    if not session.ask.possible or done.answers("debrief").get("gate") in ENDS:
        return
    today = session.now.date()
    asks = due(done, max(today, on + timedelta(days=1))).anything
    if asks or not settled(done):
        soon = "Tomorrow" if on == today else "Next"
        session.screen.hint(f"{soon if asks else 'Later'}: trustlog checkin {done.manager}")
