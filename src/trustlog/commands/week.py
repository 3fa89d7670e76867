"""`week` and `year`: ten minutes on a Friday, and the story of a year or a month."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from trustlog import clock
from trustlog.commands import letters as letters_command
from trustlog.commands import options, report
from trustlog.commands import praise as praise_command
from trustlog.commands.asking_fields import a_line
from trustlog.domain.days import echo_day
from trustlog.domain.private import new_lesson
from trustlog.domain.text import one_line
from trustlog.domain.week import Card, FutureSpan, Week, monday, span_of
from trustlog.errors import UserError
from trustlog.services import finding, letters, promises
from trustlog.services import private as private_service
from trustlog.services import week as week_service
from trustlog.session import Session
from trustlog.store import people
from trustlog.store import private as private_store
from trustlog.ui.ask import Option
from trustlog.view import letters as letters_view
from trustlog.view import praise as praise_view
from trustlog.view import week as view


def week(
    ctx: typer.Context,
    as_of: Annotated[str | None, options.moment("--as-of", "As it stood then, as one page.")] = None,
    private: options.Private = False,
) -> None:
    """
        trustlog week

    Ten minutes on a Friday: what went well, who is not thanked yet, what is owed, the mails of the day, one thing
    learned, and one relationship to leave in peace next week. It ends with three lines for Monday. Without a
    terminal it is one page.
    """
    session = options.session_of(ctx)
    shows = session.may_show_private(private)
    found = _gathered(session, as_of, private=shows)
    if session.ask.possible and as_of is None and not session.options.json and session.screen.look.terminal:
        card = _walk(ctx, session, found)
        session.show(card, lambda card: card._asdict(), view.card)
        _copy(session, card)
        return
    words = session.playbook.wins
    session.show(
        found,
        lambda found: view.week_data(found, private=shows),
        lambda found, look: view.week_page(found, words, look, private=shows),
    )


def _gathered(session: Session, as_of: str | None, *, private: bool) -> Week:
    at, _ = clock.as_of(as_of, session.now)
    own = private_store.load_profile(session.reading) if private else {}
    return week_service.week(session.reading, at, session.parameters, own)


def _walk(ctx: typer.Context, session: Session, found: Week) -> Card:
    """Part by part, each skippable; what is done in one is kept at once, so that Ctrl-C loses nothing."""
    here = session.screen.look
    look = here._replace(color=False, width=here.width - 1)  # a note leaves the last column free
    none = "  nothing here this week"
    steps: list[tuple[str, str, Callable[[], Any]]] = [
        ("What went well", praise_view.wins_lines(found.wins, session.playbook.wins, look), lambda: None),
        ("Not thanked yet", "" if found.thanks else none, lambda: _thank(ctx, session, found)),
        ("Owed and waited for", view.owed(found, look) or none, lambda: _settle(session, found)),
        ("Friday's mails", "" if found.mails else none, lambda: _mail(session, found)),
        ("One thing learned", view.learned(found, look), lambda: _learn(session)),
        ("One relationship in peace", view.rests(found, look), lambda: _leave(session, found)),
    ]
    peace = None
    try:
        for number, (title, lines, ask) in enumerate(steps, 1):
            session.screen.note(f"\n{title}  ({number} of {len(steps)})")
            session.screen.note(lines)
            peace = ask()
        return _card(session, _gathered(session, None, private=True), peace)
    except (KeyboardInterrupt, EOFError):
        session.screen.note("\nWhat you did so far is kept.")
        raise


def _thank(ctx: typer.Context, session: Session, found: Week) -> None:
    """Draft praise for as many as the person likes."""
    left = found.thanks
    while left:
        choices = [Option("go on", -1)] + [
            Option(one_line(f"{thanks.manager.name}: {thanks.deed.named}"), number)
            for number, thanks in enumerate(left)
        ]
        chosen = session.ask.choose("Draft a thank-you?", choices, flag="trustlog praise", default=-1)
        if chosen < 0:
            return
        thanks = left[chosen]
        jar = thanks.deed.id if thanks.deed.source == "jar" else None
        did = None if jar is not None else thanks.deed.what or None
        # the jar knows its own day; anything else would be told as of today
        on = None if jar is not None else thanks.deed.at.astimezone().date().isoformat()
        praise_command.praise(ctx, thanks.manager.handle, did=did, on=on, noticed=jar)
        left = _gathered(session, None, private=False).thanks


def _settle(session: Session, found: Week) -> None:
    if not found.loops:
        return
    choices = [Option(one_line(f"{loop.manager_name}: {loop.what}"), loop.id) for loop in found.loops]
    for loop in session.ask.pick("Is any of it done already?", choices, flag="trustlog settle"):
        done = promises.settle(session.store, loop, promises.Settling(None, session.now), session.now)
        session.screen.note(f"  settled: {done.commitment.what}, {done.commitment.state}")


def _mail(session: Session, found: Week) -> None:
    """Each draft is shown; copied or noted as sent by a key."""
    left = list(found.mails)
    while left:
        choices = [Option("go on", -1)] + [Option(view.mail(mail), number) for number, mail in enumerate(left)]
        chosen = session.ask.choose("Draft a mail?", choices, flag="trustlog update", default=-1)
        if chosen < 0:
            return
        manager, _ = letters.update_for(session.reading, left.pop(chosen).manager.handle)
        wanted = letters.UpdateWanted(manager, None, None, options.own_name(session, True))
        draft = letters.draft_update(session.reading, wanted, session.now, session.playbook.update)
        session.screen.note(letters_view.update_mail(draft, "text", session.screen.look._replace(color=False)))
        for aside in letters_view.update_asides(draft, ""):
            session.screen.aside(aside)
        keys = [Option("go on", "on", "g"), Option("copy it", "copy", "c"), Option("it is sent", "sent", "s")]
        while (then := session.ask.choose("And now?", keys, flag="trustlog update --copy", default="on")) == "copy":
            draft = draft._replace(marked=options.completed(session, draft.marked, as_it_is=False))
            session.screen.note(f"Copied, by {session.copy(draft.text).how('')}")
        if then == "sent" and letters_command.was_sent(session, draft):
            draft = letters.update_sent(session.store, draft)
            session.screen.note(letters_view.update_asides(draft, "")[-1])


def _learn(session: Session) -> None:
    what = session.ask.text("One thing you learned? (Enter goes on)", flag="trustlog me learned", check=a_line).strip()
    if not what:
        return
    names = [name for _, name in people.names(session.reading)]
    source = session.ask.words("From whom? (Enter leaves it open)", names, flag="--from", check=a_line).strip()
    lesson = new_lesson(what, source, session.now.date())
    private_service.save_profile(session.store, {}, {"learned": [lesson]})


def _leave(session: Session, found: Week) -> str | None:
    """Whom to leave in peace; nobody is fine."""
    if not found.active:
        return None
    proposed = [rest.manager for rest in found.rests]
    listed = [*proposed, *(manager for manager in found.active if manager not in proposed)]
    listed = [manager for manager in listed if manager not in found.at_peace]
    nobody = "nobody else" if found.at_peace else "nobody"
    choices = [Option(nobody, ""), *(Option(manager.name, manager.handle) for manager in listed)]
    chosen = session.ask.choose(
        "Whom will you leave in peace next week?", choices, flag="week at a terminal",
        default=proposed[0].handle if proposed else "",
    )  # fmt: skip
    if not chosen:
        return ""
    manager = finding.manager(session.reading, chosen)
    last = week_service.leave_in_peace(session.store, manager, session.now)
    session.screen.note(f"  {manager.first_name} is left in peace until {echo_day(last)}; what is due still shows.")
    return manager.first_name


def _card(session: Session, found: Week, peace: str | None) -> Card:
    """Three lines, each as the journal has it or in one's own words."""
    made = monday(found)
    if peace is not None and not found.at_peace:
        made = made._replace(peace="nobody in particular")
    session.screen.note("\nThree lines for Monday; Enter takes them as they are.")
    first, thanks = (
        session.ask.text(f"{label}:", flag="week", default=line, check=a_line)
        for label, line in (("First", made.first), ("Thank", made.thanks))
    )
    if (first.strip(), thanks.strip()) != made[:2]:
        week_service.keep_card(session.store, (first.strip(), thanks.strip()), session.now)
    return made._replace(first=first.strip(), thanks=thanks.strip())


def _copy(session: Session, card: Card) -> None:
    if session.ask.confirm("Copy the card?", flag="week"):
        session.screen.note(f"Copied, by {session.copy(view.card_text(card)).how('')}")
    session.screen.hint("Have a good weekend.")


FORMATS = ("terminal", "json", "html")


def year(
    ctx: typer.Context,
    when: Annotated[
        list[str] | None, typer.Argument(metavar="[YYYY|MONTH]", help="A year, or a month: 2026, 2026-11, november.")
    ] = None,
    month: Annotated[
        bool, typer.Option("--month", help="A month instead: this one, or the one that is named.")
    ] = False,
    form: Annotated[str | None, options.word("--format", FORMATS, "How to show it; a terminal unless said.")] = None,
    output: options.Output = None,
    open_: Annotated[bool, typer.Option("--open", help="Show it in your browser.")] = False,
    private: options.Private = False,
    yes: options.Overwrite = False,
) -> None:
    """
        trustlog year 2026

    The story of a year in plain sentences: your own small acts by week, firsts, hires, what came back and what you
    learned. With --month, of a month by day. It compares nobody.
    """
    session = options.session_of(ctx)
    form = _form(session, ctx, form, output, open_=open_)
    try:
        span = span_of(when or [], session.now.date(), month=month)
    except ValueError as problem:
        code = "future-date" if isinstance(problem, FutureSpan) else "bad-date"
        hint = "For example: trustlog year 2025, or trustlog year --month 2025-11"
        raise UserError(code, str(problem), hint) from None
    shows = session.may_show_private(private) if form == "terminal" and output is None else private
    own = private_store.load_profile(session.reading) if shows else {}
    found = week_service.story(session.reading, span, session.now, session.parameters, own)
    words = session.playbook.wins
    if form == "html":
        from trustlog.view.report import as_html  # 35 ms: Jinja

        file = report.report_place(session, output, open_=open_, replace=yes, name="year.html")
        report.give_text(session, as_html.story(found, words), form, file, shown=open_)
        return
    session.show(
        found,
        lambda found: view.story_data(found, private=shows),
        lambda found, look: view.story_page(found, words, look, private=shows),
    )


def _form(session: Session, ctx: typer.Context, typed: str | None, output: str | None, *, open_: bool) -> str:
    """The format: as typed, else HTML for a file or the browser. Raises what is wrong usage."""
    form = options.choice(typed, FORMATS, "--format") if typed is not None else None
    if form in ("terminal", "json") and (output is not None or open_):
        raise typer.BadParameter("a file and --open take --format html", ctx=ctx)
    form = form or ("html" if output is not None or open_ else "terminal")
    if form == "html" and session.options.json and output is None and not open_:
        raise typer.BadParameter("--json and --format html do not go together", ctx=ctx)
    if form == "json":
        session.options.json = True
    return form
