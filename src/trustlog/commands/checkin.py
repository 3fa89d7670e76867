"""`checkin`: the day after, and the weeks after."""

from typing import Annotated, Any

import typer

from trustlog.commands import sitting
from trustlog.commands.options import ManagerArgument, session_of
from trustlog.domain.conversation import Conversation, Due, due
from trustlog.domain.days import echo_day
from trustlog.domain.model import Manager
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import checking_in, talks
from trustlog.session import Session
from trustlog.view import data_talk
from trustlog.view.lines import percent
from trustlog.view.look import Look

WORDS = {
    "next-day": "how it is the day after",
    "undecided": "points still open",
    "follow-up": "something you wanted to try",
    "tell-them": "something worth telling them",
}


def checkin(
    ctx: typer.Context,
    manager: Annotated[str | None, ManagerArgument] = None,
    when: Annotated[
        str | None, typer.Option("--when", "-w", metavar="WHEN", help="The day of the check-in; today.")
    ] = None,
    answers: sitting.Answers = None,
    set_: sitting.Set = None,
    private: sitting.Private = False,
) -> None:
    """
        trustlog checkin marcus

    What is due after a conversation: how you are, points you left for tomorrow, what you wanted to try. Without
    a manager it lists what is due.
    """
    session = session_of(ctx)
    moment = session.moment(when) if when is not None else session.now
    if moment > session.now:
        raise UserError("future-date", "that day has not come yet", "A check-in is about today or an earlier day.")
    if manager is None:
        found = checking_in.all_due(session.reading, moment.date())
        session.show(found, _due_data, _due_view)
        return
    who = sitting.who(session, manager)
    script = session.playbook.script("checkin")
    occasion = talks.Occasion(who, "checkin", moment.date(), 5)
    given = sitting.given(session, script, answers, set_, who)
    kept = sitting.kept(session, occasion)
    known = checking_in.asks(session.store, who, due(kept.conversation, occasion.on) if kept else None, occasion.on)
    known["aftercare"] = kept.conversation.answers("prep").get("aftercare") if kept else None
    done = sitting.hold(session, script, occasion, kept, given, sitting.around(session, who, known))
    drafts = _drafts(done, script.drafts)
    session.show(
        done,
        lambda done: data_talk.conversation(done, [], drafts, private=private),
        lambda done, look: _view(session, who, done, drafts, look),
    )


def _drafts(done: Conversation, words: Any) -> list[str]:
    """What to say to the manager: a question about a point, or what became of one."""
    last = done.sitting("checkin")
    said = last.answers if last else {}
    made = [
        words["ask"].replace("{text}", item["text"])
        for item in said.get("items") or []
        if item.get("decision") == "ask"
    ]
    untold = [one for one in said.get("followups") or [] if one.get("told") is False]
    return made + [words["tell_them"].replace("{text}", one["text"]) for one in untold]


def _view(session: Session, who: Manager, done: Conversation, drafts: list[str], look: Look) -> str:
    debrief = done.sitting("debrief")
    about = f", about {echo_day(debrief.on)}" if debrief else ""
    lines = [f"Checked in: {visible(who.name)}{about}."]
    last = done.sitting("checkin")
    gut = last.answers.get("gut") if last else None
    if gut is not None and look.terminal:
        lines.append(_gut_words(checking_in.compare(session.reading, who, gut, session.now.date(), session.parameters)))
    for draft in drafts:
        lines += [look.paint("A draft to change and send yourself:", "dim"), visible(draft)]
    return "\n".join(lines)


def _gut_words(found: checking_in.Gut) -> str:
    log = found.log
    if log.u >= 0.80:
        return f"Your log holds too little to set beside that: unknown {percent(log.u)}."
    words = (
        f"Your log says {log.e:.2f}, from {log.b:.2f} to {1 - log.d:.2f}; your gut, on the same scale, {found.gut:.2f}."
    )
    return f"{words} They differ: which of the two is missing entries?" if found.apart else words


def _due_data(found: list[Due]) -> dict[str, Any]:
    return {
        "due": [
            {"manager": one.conversation.manager, "conversation": one.conversation.id, "asks": one.words}
            for one in found
        ]
    }


def _due_view(found: list[Due], look: Look) -> str:
    if not found:
        return "Nothing is due."
    return "\n".join(
        f"{visible(one.conversation.manager_name)}: {', '.join(WORDS[name] for name in one.words)}"
        + look.paint(f"  trustlog checkin {one.conversation.manager}", "dim")
        for one in found
    )
