"""`promise`, `ask`, `open`, `settle`: what is owed, both ways."""

from datetime import date, datetime, time
from typing import Annotated

import typer

from trustlog import clock
from trustlog.commands import options
from trustlog.commands.completing import complete_loop, one_of
from trustlog.commands.entries_words import EntryWords, who_and_what
from trustlog.commands.people_named import Create, Who, asked
from trustlog.domain.days import echo_day
from trustlog.domain.promises import OUTCOME_WORDS, OUTCOMES, PURPOSES, WITHOUT_DUE_TIME, Promise, percent, split_due
from trustlog.errors import UserError
from trustlog.services import finding, promises
from trustlog.session import Session
from trustlog.store import promises as promises_store
from trustlog.ui.ask import Option
from trustlog.view import entries
from trustlog.view import promises as promises_view

OUTCOME_SAID = {
    "missed": "it did not come", "renegotiated": "it has a new time", "withdrawn": "it is needed no more",
    "at-risk": "it may slip",
}  # fmt: skip
NO_PERCENT = "It takes a whole number from 0 to 100."
Due = Annotated[str | None, options.moment("--due", "By when: fri 17:00, in 2 days.")]
Given = Annotated[str | None, options.moment("--when -w", "When it was said; now.")]


def promise(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    what: Annotated[list[str] | None, typer.Argument(metavar="WHAT...", help="What you promised.")] = None,
    due: Due = None,
    when: Given = None,
    req: options.Req = None,
    at_risk: Annotated[bool, typer.Option("--at-risk", help="It may slip.")] = False,
    create: Create = False,
) -> None:
    """
        trustlog promise dana slate for the analyst role --due "fri 17:00"

    Keep a promise of yours in sight: who, then what; after -- everything is text.
    """
    session = options.session_of(ctx)
    who, words = _who_and_what(session, manager, what, "What did you promise?", create=create)
    given = _given(session, when)
    words, due_at = what_and_due(session, words, due, given)
    own = promises.Given(who.word, "me", words, given, due_at, req=req, at_risk=at_risk, new=who.new)
    _show(session, promises.give(session.store, own, session.now))


def ask(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    what: Annotated[list[str] | None, typer.Argument(metavar="WHAT...", help="What you asked for.")] = None,
    purpose: Annotated[str, options.word("--for", PURPOSES, f"{', '.join(PURPOSES)}.", "WHAT")] = "other",
    due: Due = None,
    when: Given = None,
    req: options.Req = None,
    sure: Annotated[
        str | None, typer.Option("--sure", metavar="PERCENT", help="How likely an answer in time is, for you alone.")
    ] = None,
    create: Create = False,
) -> None:
    """
        trustlog ask marcus scorecard for J.K. --for scorecard

    Keep something you asked for in sight; without --due it has what was agreed at the kick-off, else 48 working
    hours. A favour has no due time and is never late. What you forecast with --sure lies in your own drawer:
    trustlog me forecasts.
    """
    session = options.session_of(ctx)
    who, words = _who_and_what(session, manager, what, "What did you ask for?", create=create)
    forecast = _percent(session, sure) if sure is not None else None
    purpose = options.choice(purpose.replace("_", "-"), PURPOSES, "--for")
    given = _given(session, when)
    if due is None and purpose != WITHOUT_DUE_TIME:
        words, due = _split_due(session, words)
    due_at = _due(session, due, given) if due is not None else None
    request = promises.Given(who.word, "them", words, given, due_at, purpose, req, sure=forecast, new=who.new)
    week = session.settings["working_week"]
    _show(session, promises.request(session.store, request, session.now, working_week=week))


def _who_and_what(
    session: Session, manager: str | None, what: list[str] | None, question: str, *, create: bool
) -> tuple[Who, str]:
    """Who by the longest run of leading words that names somebody, and what; asked for where it is missing."""
    words = EntryWords(manager)
    if manager is not None and what:
        words = who_and_what(session, words, [manager, *what])
    named, words = words.named(session, create=create)
    who = named[0] if named else asked(session, "Who is it with?")[0]
    return who, words.note if words.note is not None else session.ask.text(question, flag="WHAT")


def what_and_due(session: Session, words: str, due: str | None, given: datetime) -> tuple[str, datetime]:
    """What was promised, and until when: as it was said, by the day that the words end with, or asked for."""
    if due is None:
        words, due = _split_due(session, words)
    return words, _due(session, due if due is not None else _asked_due(session), given)


def _split_due(session: Session, words: str) -> tuple[str, str | None]:
    def day_of(day: str) -> date | None:
        return session.moment(day, "future").date() if session.problem(day, "future") is None else None

    what, day = split_due(words, day_of, session.now.date())
    if day is not None and day.casefold() == "today" and session.now.time() > _day_ends(session):
        day = ""  # that hour is over
    return what, _asked_due(session) if day == "" else day


def _day_ends(session: Session) -> time:
    return time.fromisoformat(session.settings["due_time"])


def _asked_due(session: Session) -> str:
    return session.ask.text("By when?", flag="--due", check=lambda day: session.problem(day, "future"))


def _percent(session: Session, typed: str) -> int:
    """A share from 0 to 100. Who is wholly sure is asked once more, and what they say then is kept."""
    if percent(typed) in (0, 100) and session.ask.possible:
        leaves = f"{typed.rstrip(' %')} % leaves no room at all. Sure? Enter keeps it."
        typed = session.ask.text(leaves, flag="--sure", default=typed, check=_no_percent)
    share = percent(typed)
    if share is None:
        raise UserError("bad-field", f'--sure cannot be "{typed}"', NO_PERCENT)
    return share


def _no_percent(typed: str) -> str | None:
    return NO_PERCENT if percent(typed) is None else None


def open_(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    as_of: options.AsOf = None,
) -> None:
    """
        trustlog open

    What is open both ways, the soonest first.
    """
    session = options.session_of(ctx)
    moment, _ = clock.as_of(as_of, session.now)
    who = finding.manager(session.reading, manager).id if manager is not None else None
    loops = promises_store.still_open(session.reading, who, moment if as_of is not None else None)
    session.show(
        loops,
        lambda loops: {"commitments": [promises_view.promise_data(loop, moment) for loop in loops]},
        lambda loops, look: promises_view.open_promises(loops, moment, look),
    )
    if not loops:
        session.screen.hint("Nothing is open.")


def settle(
    ctx: typer.Context,
    loop: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID|MANAGER]", help="A loop's number, or whose only one it is.", autocompletion=complete_loop
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Argument(
            metavar="[OUTCOME]", help=f"{', '.join(OUTCOMES)}; else the clock says.", autocompletion=one_of(*OUTCOMES)
        ),
    ] = None,
    due: Due = None,
    when: Annotated[str | None, options.moment("--when -w", "When it came; now.")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What to write about it.")] = None,
) -> None:
    """
        trustlog settle marcus

    Close a loop. Without an outcome the clock says kept or late; renegotiated --due moves it, at-risk marks it.
    The matching entry is written with it.
    """
    session = options.session_of(ctx)
    named = _outcome(outcome) if outcome is not None else None
    at, open_loop = _given(session, when), _which(session, loop)
    if named is None and session.ask.possible:
        said = {name: words for name, words in OUTCOME_SAID.items() if name != "renegotiated" or open_loop.movable(at)}
        choices = [Option("done", ""), *(Option(f"{name}: {words}", name) for name, words in said.items())]
        named = session.ask.choose("What became of it?", choices, flag="OUTCOME", default="") or None
    moves = named == "renegotiated" and open_loop.movable(at)
    due = _asked_due(session) if due is None and moves and session.ask.possible else due
    how = promises.Settling(named, at, _due(session, due, at) if due is not None else None, note)
    done = promises.settle(session.store, open_loop.id, how, session.now)
    _show(session, done)
    if done.commitment.broken:
        session.screen.hint(f"Words for it, and a new date: trustlog next {done.commitment.manager}")
    elif done.commitment.state == "missed" and session.ask.possible:
        session.screen.hint(f"If it is still wanted: {promises.anew(done.commitment)}")


def _outcome(typed: str) -> str:
    """The outcome that a word means. Raises UserError `bad-field`."""
    word = typed.strip().lower().replace("_", "-")
    return options.choice(OUTCOME_WORDS.get(word, word), OUTCOMES, "the outcome")


def _due(session: Session, text: str, given: datetime) -> datetime:
    """A due date, seen from the day on which it was given; without a time it ends at `due_time`. Raises UserError."""
    from trustlog.domain.when import a_week_later, seen_from_now  # 1 ms, only when a date was typed

    due = clock.read(text, session.now if seen_from_now(text) else given, "future", _day_ends(session))
    if later := a_week_later(text, due.date(), session.now.date()):
        taken = f'"{text}" was taken as {echo_day(due.date())}, the coming one'
        session.screen.hint(f"{taken}; the one after is {echo_day(later)}.")
    return due


def _given(session: Session, when: str | None) -> datetime:
    return session.moment(when) if when is not None else session.now


def _which(session: Session, who: str | None) -> Promise:
    """The loop that is meant: a manager's only one, else the one chosen from a list."""
    loops = promises.meant(session.reading, who) if who is not None else promises_store.still_open(session.reading)
    if len(loops) == 1 and who is not None:
        return loops[0]
    if not loops:
        raise UserError(
            "unknown-entry", "nothing is open", "Keep something in sight with: trustlog promise, or trustlog ask"
        )
    if not session.ask.possible:
        listed = "; ".join(f"{loop.ref} {loop.what}" for loop in loops)
        raise UserError("needs-answer", f"say which one: {listed}", "Give its number.")
    choices = [Option(_option_words(loop), loop.id) for loop in loops]
    chosen = session.ask.choose("Which one?", choices, flag="ID")
    return next(loop for loop in loops if loop.id == chosen)


def _option_words(promise: Promise) -> str:
    return f"{promise.ref} · {promises_view.OWED[promise.owed_by]} · {promise.manager_name} · {promise.what}"


def _show(session: Session, done: promises.PromiseOutcome) -> None:
    session.show(
        done,
        lambda done: {
            "commitment": promises_view.promise_data(done.commitment, session.now),
            "entry": entries.entry_data(done.entry) if done.entry else None,
        },
        lambda done, look: promises_view.promise_line(done.commitment, session.now, look),
    )
