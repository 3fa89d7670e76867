"""`prep-feedback`, `debrief`, `checkin`: before, after and the days after a feedback conversation."""

from datetime import date, datetime
from typing import Annotated, Any

import typer

from trustlog.commands import asking, conversations_rehearsal, conversations_walk, entries_words, options, people_named
from trustlog.commands import private as private_command
from trustlog.commands.completing import complete_kind, complete_scenario
from trustlog.domain.conversations import CROSSED, Conversation, left_hard, sign_off
from trustlog.domain.days import echo_day
from trustlog.domain.entries import KINDS, EntryDraft
from trustlog.domain.morning import HARD
from trustlog.domain.people import Manager
from trustlog.domain.scripts import Script
from trustlog.domain.text import filled, one_line
from trustlog.services import conversations, conversations_answers, finding
from trustlog.session import Session
from trustlog.ui.ask import Option
from trustlog.view import conversations as conversations_view
from trustlog.view import entries


def prep_feedback(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]",
            help="With --rehearse: which of the seven; else you choose.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    minutes: conversations_walk.Minutes = None,
    when: Annotated[str | None, options.moment("--when -w", "When the talk is: today 4pm, fri 10:00.")] = None,
    about: conversations_walk.About = None,
    answers: options.Answers = None,
    set_: options.Set = None,
    card: Annotated[bool, typer.Option("--card", help="Print the card of the open preparation.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Start another, even if one is open.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Let go of the open preparation.")] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Say it aloud once, with a likely reply, before the talk.")
    ] = False,
    private: options.Private = False,
    create: people_named.Create = False,
) -> None:
    """
        trustlog prep-feedback marcus --when "today 4pm"

    Prepare for a feedback conversation in 2, 5 or 15 minutes; one answer already gives a card. Every question
    may be skipped, and Ctrl-C keeps what you answered. When you breathe along: only as far as is comfortable;
    if holding your breath feels bad, or you have a condition that affects breathing or your heart, choose a
    pace without holds, or skip.
    """
    if sum((card, drop, bool(set_ or answers))) > 1:
        raise typer.BadParameter("--card, --drop and answers do not go together", ctx=ctx)
    session = options.session_of(ctx)
    if rehearse and drop:
        raise typer.BadParameter("--rehearse and --drop do not go together", ctx=ctx)
    if scenario is not None and not rehearse:
        raise typer.BadParameter(f'"{scenario}" goes with --rehearse', ctx=ctx)
    if rehearse and manager is not None and scenario is None:
        manager, scenario = conversations_rehearsal.who_and_what(session, manager)
    if rehearse and not (session.ask.possible and not session.options.json):
        conversations_rehearsal.show_sheet(session, manager, scenario)
        return
    script = session.playbook.script("prep")
    if card and not rehearse:
        _card(session, script, manager, private=private)
        return
    who = people_named.manager(session, manager, create=create)
    if drop:
        _drop(session, script, who, private=private)
        return
    planned = session.moment(when, "future") if when is not None else None
    on = min(session.now, planned).date() if planned else session.now.date()
    occasion = conversations.Occasion(who, "prep", on, conversations_walk.minutes_of(minutes), planned, about, new)
    given = conversations_walk.given_answers(session, script, answers, set_, occasion)
    if rehearse:
        conversations_rehearsal.rehearse(session, occasion, given, scenario, private=private)
        return
    talk = conversations_walk.prepare(session, script, occasion, given)
    conversations_walk.show(session, script, talk, "prep", private=private)
    if session.ask.possible:
        session.screen.hint(f"After it: trustlog debrief {who.handle}")


def _card(session: Session, script: Script, manager: str | None, *, private: bool) -> None:
    who = finding.manager(session.reading, manager) if manager is not None else None
    found = conversations.next_to_hold(session.reading, who, session.now)
    conversations_walk.show(session, script, found, "prep", private=private)


def _drop(session: Session, script: Script, who: Manager, *, private: bool) -> None:
    dropped = conversations.drop(session.store, who)
    conversations_walk.show(session, script, dropped, "prep", private=private)
    back = "" if dropped.state == "draft" else " trustlog undo brings it back."
    session.screen.hint(f"Let go.{back}")


EVIDENCE = ("feedback-received", "praise-received", "relied-on-me", "confided", "doubt-voiced", "harsh-exchange")
"""What a conversation often turns out to have been."""
ENDS = ("stop-here", "support-page")
BARE = ("mood_after", "checkin_optin")
"""Answers that are no look at what was said."""


def debrief(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    minutes: conversations_walk.Minutes = None,
    when: Annotated[str | None, options.moment("--when -w", "The day of the talk; today.")] = None,
    about: conversations_walk.About = None,
    answers: options.Answers = None,
    set_: options.Set = None,
    new: Annotated[bool, typer.Option("--new", help="Leave an open preparation alone.")] = False,
    log: Annotated[
        list[str] | None,
        typer.Option(
            "--log", metavar="KIND", help="Write an entry of this kind too; repeats.", autocompletion=complete_kind
        ),
    ] = None,
    later: Annotated[bool, typer.Option("--later", help="Leave the boundary questions for later.")] = False,
    private: options.Private = False,
) -> None:
    """
        trustlog debrief marcus --minutes 5

    After the conversation, in 2, 5 or 15 minutes. It picks up the open preparation, or none. Each point is kept
    by itself: used, asked about, parked, set aside with a reason, or left for tomorrow. Nothing is written into
    the journal unless you say so.
    """
    session = options.session_of(ctx)
    script = session.playbook.script("debrief")
    who = people_named.manager(session, manager)
    moment = session.past(when, "A debrief looks back.")
    kinds = [entries_words.kind_named(session, word) for word in log or []]
    occasion = conversations.Occasion(
        who, "debrief", moment.date(), conversations_walk.minutes_of(minutes), None, about, new
    )
    going_on = conversations.to_go_on_with(session.store, occasion)
    begun = conversations.under_way(going_on, "debrief")
    if when is None and begun is not None:  # what was begun about a day goes on about that day
        occasion = occasion._replace(on=begun.on)
        moment = conversations_walk.here(session, occasion)
    given = conversations_walk.given_answers(session, script, answers, set_, occasion)
    known = conversations_answers.known_to_debrief(session.store, who, going_on, occasion.on)
    conversations_walk.read_back(session, known, script.notes)
    held = conversations_walk.hold(
        session, script, occasion, going_on, given, conversations_walk.surroundings(session, occasion, known)
    )
    with asking.kept_as_draft(session, f"trustlog debrief {who.handle}"):
        evidence = _evidence(session, moment, held.answers, kinds or _offered(session, held.answers))
    done = conversations_walk.finish(session, occasion, held, evidence)
    conversations_walk.show(session, script, done.conversation, "debrief", private=private)
    for entry in done.entries:
        session.screen.hint(entries.summary(entry, session.screen.look._replace(color=False)))
    # what says that it is enough for today comes after the last question
    _line_crossed(session, done.conversation, moment.date(), later=later)
    _afterwards(session, done, script.notes)
    _come_back(session, done.conversation, moment.date())
    if not evidence and not session.ask.possible:
        session.screen.hint(f"If it belongs in the journal: trustlog add {who.handle} -k feedback-received")


def _afterwards(session: Session, done: conversations.Finished, words: Any) -> None:
    """A word for the person, on a terminal only: it reads from the second drawer."""
    if not session.ask.possible:
        return
    answers, planned = done.conversation.answers("debrief"), done.conversation.answers("prep")
    if answers.get("gate") == "support-page":
        who = finding.manager(session.reading, done.conversation.manager)
        session.screen.note(private_command.support_page(session, who, private=True).text)
        session.screen.note(f"The same as a walk: trustlog support {who.handle}")
        return
    if planned.get("aftercare") and answers.get("aftercare_status") != "done":
        at = f", {planned['aftercare_at']}" if planned.get("aftercare_at") else ""
        session.screen.note(filled(words["aftercare"], {"aftercare": f"{planned['aftercare']}{at}"}))
    if answers.get("gate") == "stop-here":
        session.screen.note(words["stop_here"])
    elif done.entries or any(value is not None for name, value in answers.items() if name not in ("gate", *BARE)):
        session.screen.note(sign_off(words, answers, done.conversation.id))
    hard_words = any(entry.kind in HARD for entry in done.entries) or _reads_hard(session, answers)
    if left_hard(answers) or hard_words:
        # where a line was crossed the questions about it have a line of their own
        names = ("support",) if answers.get("line_crossed") in CROSSED else ("support", "boundary")
        doors = " or ".join(f"trustlog {name} {done.conversation.manager}" for name in names)
        session.screen.note(f"Whenever you want it: {doors}")


def _reads_hard(session: Session, answers: dict[str, Any]) -> bool:
    """Whether what was noted of the talk reads as hard words before anything else."""
    noted = [answers.get("headline") or "", *(point["text"] for point in answers.get("items") or ())]
    return any(session.reads(text)[:1] == HARD for text in noted if text)


def _offered(session: Session, answers: dict[str, Any]) -> list[str]:
    """What the person says it was, if anything; nothing is written by itself."""
    if not session.ask.possible or answers.get("gate") in ENDS:
        return []
    choices = [Option(KINDS[name].words, name) for name in EVIDENCE]
    return session.ask.pick("Write any of it into the journal, as what happened?", choices, flag="--log")


def _evidence(session: Session, moment: datetime, answers: dict[str, Any], kinds: list[str]) -> list[EntryDraft]:
    """The entries that go with the debrief, with its headline as their text."""
    note = answers.get("headline") or ""
    return [EntryDraft(None, kind, min(moment, session.now), note=note) for kind in dict.fromkeys(kinds)]


def _line_crossed(session: Session, done: Conversation, on: date, *, later: bool) -> None:
    """When a line was crossed: the boundary questions, at once or whenever it suits."""
    crossed = done.answers("debrief").get("line_crossed")
    if crossed not in CROSSED:
        return
    ask = session.ask
    now = ask.possible and not later and done.answers("debrief").get("gate") not in ENDS
    if now and ask.confirm("Go through the questions about it now?", flag="--later"):
        private_command.go_through(session, done.manager, on)
    else:
        if crossed == "yes" and ask.possible:
            session.screen.note(session.playbook.boundary["crossed"])
        session.screen.hint(f"When it suits you: trustlog boundary {done.manager}")


def _come_back(session: Session, done: Conversation, on: date) -> None:
    """Where a check-in will have something to ask; on a terminal only, because it reads from the second drawer."""
    if not session.ask.possible or done.answers("debrief").get("gate") in ENDS:
        return
    today = session.now.date()
    asks = conversations_answers.asks_later(session.reading, done, on, today)
    if asks is not None:
        when = "Later" if asks == "later" else "Tomorrow" if on == today else "Next"
        session.screen.hint(f"{when}: trustlog checkin {done.manager}")


def checkin(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    when: Annotated[str | None, options.moment("--when -w", "The day of the check-in; today.")] = None,
    answers: options.Answers = None,
    set_: options.Set = None,
    private: options.Private = False,
) -> None:
    """
        trustlog checkin marcus

    What is due after a conversation: how you are, points you left for tomorrow, what you wanted to try. Without
    a manager it lists what is due.
    """
    if manager is None and (answers or set_):
        raise typer.BadParameter("answers need a MANAGER", ctx=ctx)
    session = options.session_of(ctx)
    on = session.past(when, "A check-in is about today or an earlier day.").date()
    if manager is None:
        session.show(
            (conversations_answers.all_due(session.reading, on), conversations_answers.hard_due(session.reading, on)),
            lambda found: conversations_view.due_data(*found),
            lambda found, look: conversations_view.due_lines(*found, look),
        )
        return
    who = people_named.manager(session, manager)
    script = session.playbook.script("checkin")
    occasion = conversations.Occasion(who, "checkin", on, 5)
    given = conversations_walk.given_answers(session, script, answers, set_, occasion)
    going_on = conversations.to_go_on_with(session.store, occasion)
    hard = conversations_answers.hard_with(session.store, who, on)
    known = conversations_answers.known_to_checkin(session.store, who, going_on, hard, on)
    around = conversations_walk.surroundings(session, occasion, known)
    if hard is not None:
        hard_words = {"hard_day": echo_day(hard.happened_on), "hard_words": one_line(hard.text)}
        around = around._replace(names={**around.names, **hard_words})
    held = conversations_walk.hold(session, script, occasion, going_on, given, around)
    done = conversations_walk.finish(session, occasion, held).conversation
    if hard is not None and held.answers.get("explanation"):
        session.screen.hint(f"trustlog edit {hard.id} keeps the entry fair.")
    shown = session.may_show_private(private)
    made = conversations_answers.messages_to_send(script, done, "checkin", private=shown)
    gut = conversations_answers.gut_beside_log(session.store, who, done, on, session.parameters) if shown else None
    session.show(
        done,
        lambda done: conversations_view.conversation(done, [], made, private=private),
        lambda done, look: conversations_view.checked_in(done, gut, made, look),
    )
