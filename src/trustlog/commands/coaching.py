"""`next` and the page of the day: one small step, why it is offered, and a draft."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

import typer

from trustlog import clock, files
from trustlog.commands import options
from trustlog.commands.completing import complete_step
from trustlog.domain.coaching import Offer
from trustlog.domain.coaching_history import CATEGORIES, PROMISE, Step, StepEvent
from trustlog.domain.people import Manager
from trustlog.errors import UserError
from trustlog.services import coaching, finding, morning
from trustlog.services.coaching import Done
from trustlog.services.coaching_history import Asking
from trustlog.session import Session
from trustlog.view import coaching as view
from trustlog.view import each
from trustlog.view import morning as morning_view

StepId = "The step's id, like PB07."


def next_(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    family: Annotated[str | None, options.word("--for", CATEGORIES, f"{', '.join(CATEGORIES)}.", "FAMILY")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every step that fits, the best first.")] = False,
    as_of: options.AsOf = None,
    copy: options.Copy = False,
    open_: options.AsItIs = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Yes to what a step asks first, with --copy.")] = False,
    done: Annotated[
        str | None, typer.Option("--done", metavar="ID", help=f"You did it. {StepId}", autocompletion=complete_step)
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What to write down, with --done.")] = None,
    dismiss: Annotated[
        str | None, typer.Option("--dismiss", metavar="ID", help=f"Not for you. {StepId}", autocompletion=complete_step)
    ] = None,
    snooze: Annotated[str | None, options.moment("--snooze", "Bring this step back then.")] = None,
    private: options.OwnPage = False,
) -> None:  # fmt: skip
    """
        trustlog next dana

    One small step with someone, why today, and a draft to change and send yourself. Without a manager it takes
    the one whose situation is the most urgent. Looking writes nothing.
    """
    acts = [name for name, given in (("--copy", copy), ("--done", done), ("--dismiss", dismiss), ("--snooze", snooze),
                                     ("--all", all_)) if given]  # fmt: skip
    if len(acts) > 1 or (as_of is not None and acts not in ([], ["--all"])):
        raise typer.BadParameter(
            f"{' and '.join([*acts, *(['--as-of'] if as_of else [])])} do not go together", ctx=ctx
        )
    if note is not None and done is None:
        raise typer.BadParameter("--note goes with --done", ctx=ctx)
    options.only_with_copy(ctx, copy=copy, open_=open_)
    session = options.session_of(ctx)
    who = finding.manager(session.reading, manager) if manager is not None else None
    asking = asked(session, as_of, family, private=private)
    if "" in (done, dismiss):
        who, step_id = _chosen(ctx, session, who, asking, "--done" if done == "" else "--dismiss")
        done, dismiss = (step_id, None) if done == "" else (None, step_id)
    if all_:
        _show_all(session, who, asking)
    elif done is not None:
        _done(session, who, coaching.the_step(session.playbook.coaching, done), note, asking)
    elif dismiss is not None:
        step = coaching.the_step(session.playbook.coaching, dismiss)
        _keep(session, _with(session, who, step, asking), step, StepEvent(step.id, "dismissed", session.now))
    elif snooze is not None:
        _snooze(session, who, session.moment(snooze, "future"), asking)
    elif copy:
        _copy(session, who, asking, yes=yes, as_it_is=open_)
    else:
        show(session, coaching.best(session.reading, who, session.playbook.coaching, asking))


def asked(session: Session, as_of: str | None = None, family: str | None = None, *, private: bool = False) -> Asking:
    """What is asked for; the people of one's own page stand in drafts only if they were asked for, too."""
    named = options.choice(family.replace("_", "-"), CATEGORIES, "--for") if family is not None else None
    own: dict[str, Any] = {}
    if private:
        from trustlog.store import private as private_store

        own = private_store.load_profile(session.reading)
    return Asking(
        clock.as_of(as_of, session.now)[0], named, session.parameters, own, private, session.settings["working_week"]
    )


def show(session: Session, offer: Offer) -> None:
    """One offer, and what can be done with it."""
    session.screen.aside(offer.note)
    session.show(offer, view.offer_data, view.offered)
    if offer.step is not None and offer.manager is not None:
        handle, step = offer.manager.handle, offer.step.id
        session.screen.hint(f"trustlog next {handle} --copy, --done {step}, --dismiss {step} or --snooze tomorrow")


def _show_all(session: Session, who: Manager | None, asking: Asking) -> None:
    found = _offers(session, who, asking)
    session.show(found, each("steps", view.offer_data), view.several)
    if not found:
        session.screen.hint(session.playbook.coaching.notes["nothing_at_all"])


def _offers(session: Session, who: Manager | None, asking: Asking) -> list[Offer]:
    """Every step that may be offered with one manager, else the best with everybody who has one."""
    words = session.playbook.coaching
    if who is not None:
        return coaching.offers(session.reading, who, words, asking)
    return list(coaching.in_turn(session.reading, words, asking))


def _chosen(
    ctx: typer.Context, session: Session, who: Manager | None, asking: Asking, option: str
) -> tuple[Manager, str]:
    """With whom and which step, of those that may be offered, where no step was named."""
    found = [(offer.manager, offer.step) for offer in _offers(session, who, asking)]
    offered = [(manager, step) for manager, step in found if manager is not None and step is not None]
    if not session.ask.possible:
        step = offered[0][1].id if offered else "PB07"
        ctx.fail(f"{option} takes the id of a step: trustlog next MANAGER {option} {step}")
    if not offered:
        raise UserError("needs-answer", f"no step waits, so {option} takes its id", f"Like: {option} PB07")
    from trustlog.ui.ask import Option  # only where one is chosen
    from trustlog.ui.text import cut

    choices = [
        Option(f"{step.id} · {manager.name} · {cut(step.advice, 100)}", number)
        for number, (manager, step) in enumerate(offered)
    ]
    question = "Which one did you do?" if option == "--done" else "Which one is not for you?"
    manager, step = offered[session.ask.choose(question, choices, flag=f"{option} ID")]
    return manager, step.id


def _with(session: Session, who: Manager | None, step: Step, asking: Asking) -> Manager:
    """With whom: the manager named, else the one to whom this step is offered now. Raises UserError `needs-answer`."""
    if who is not None:
        return who
    offer = coaching.best(session.reading, None, session.playbook.coaching, asking)
    if offer.manager is None or offer.step is None or offer.step.id != step.id:
        if session.ask.possible:
            from trustlog.commands import people_named  # only where somebody is asked for

            return people_named.manager(session, None, message=f"With whom was {step.id}?")
        raise UserError("needs-answer", f"with whom was {step.id}", "Name the manager: trustlog next MANAGER …")
    return offer.manager


def _done(session: Session, who: Manager | None, step: Step, note: str | None, asking: Asking) -> None:
    manager = _with(session, who, step, asking)
    if note is None and step.kind == PROMISE and session.ask.possible:
        note = options.asked_for(session, {"what": session.playbook.coaching.blanks["promise"]})["what"] or None
    kept = coaching.done(session.store, manager, step, note, asking._replace(at=session.now))
    _answer(session, manager, kept)
    if kept.own:
        session.screen.hint("Kept in your own drawer; no page and no export without reflections holds it.")
    elif kept.loop is not None:
        session.screen.hint(f"Once it is done: trustlog settle {kept.loop.ref}")
    elif kept.entry is None:
        session.screen.hint(f"When it has come about: trustlog add {manager.handle} -k {step.kind}")
    elif kept.entry.kind != step.kind:
        session.screen.hint("Kept as a note: praise says what they did. Give it with --note, or: trustlog praise")


def _snooze(session: Session, who: Manager | None, until: datetime, asking: Asking) -> None:
    offer = coaching.best(session.reading, who, session.playbook.coaching, asking)
    if offer.step is None or offer.manager is None:
        show(session, offer)
        return
    if until <= session.now:
        raise UserError("bad-date", "that is not in the future", "Say when it may come back: --snooze tomorrow")
    _keep(session, offer.manager, offer.step, StepEvent(offer.step.id, "snoozed", session.now, until))


def _keep(session: Session, manager: Manager, step: Step, event: StepEvent) -> None:
    coaching.record(session.store, manager, event, step.category)
    _answer(session, manager, Done(event))


def _answer(session: Session, manager: Manager, kept: Done) -> None:
    session.show(
        (manager, kept.event, kept.entry, kept.loop),
        lambda kept: view.kept_data(*kept),
        lambda kept, look: view.kept(*kept, look),
    )


def _copy(session: Session, who: Manager | None, asking: Asking, *, yes: bool, as_it_is: bool) -> None:
    """Ask what the step asks first and what only the recruiter knows, show it, and put it on the clipboard."""
    offer = coaching.best(session.reading, who, session.playbook.coaching, asking)
    _introduce(session, offer)
    while not _agreed(session, offer, yes=yes):
        offer = coaching.best(session.store, who, session.playbook.coaching, asking)
        _introduce(session, offer)
    if offer.step is None or offer.manager is None:
        show(session, offer)
        return
    manager, step = offer.manager, offer.step
    offer = offer if as_it_is else _filled(session, offer)
    copied = session.copy(offer.draft)
    if copied.worked:
        coaching.record(session.store, manager, StepEvent(step.id, "copied", session.now), step.category)
    session.show(offer, view.offer_data, view.offered)
    session.screen.hint(
        f"On the clipboard, by {copied.how()}. Once you sent it: trustlog next {manager.handle} --done {step.id}"
    )


def _introduce(session: Session, offer: Offer) -> None:
    """What the questions that follow are about; nothing where none follows."""
    if offer.step is not None and session.ask.possible and (offer.asks or offer.blanks):
        session.screen.aside(offer.step.advice)
        session.screen.aside(offer.draft)


def _agreed(session: Session, offer: Offer, *, yes: bool) -> bool:
    """Whether what the step asks first is answered with yes; each is asked once."""
    if offer.step is None or offer.manager is None:
        return True
    for condition in offer.asks:
        answer = yes or session.ask.confirm(condition.ask, flag="--yes", default=True)
        event = StepEvent(offer.step.id, "asked", session.now, None, condition.id, answer)
        coaching.record(session.store, offer.manager, event, offer.step.category)
        if not answer:
            return False
    return True


def _filled(session: Session, offer: Offer) -> Offer:
    """The draft with what only the recruiter knows; what is left empty stays open. Raises UserError."""
    if not offer.blanks:
        return offer
    words = session.playbook.coaching.blanks
    answers = options.asked_for(session, {name: words.get(name, name.replace("_", " ")) for name in offer.blanks})
    return offer.with_answers(answers, words)


def today(ctx: typer.Context) -> None:
    """
        trustlog today

    The talks, what is due and one small step of today: what the program shows when it is called alone.
    """
    session = options.session_of(ctx)
    words, asking = session.playbook.coaching, asked(session)
    found = morning.morning(session.reading, words, asking, inbox=_in_inbox(session))
    session.show(found, morning_view.data, morning_view.page)
    if session.reading.is_synced:
        from trustlog.services import sync  # names of files only: the engine is not loaded

        if sync.waits(session.reading):
            session.screen.hint("Another laptop wrote something. Next: trustlog sync")


def _in_inbox(session: Session) -> int:
    """How many lines wait; what is wrong with the inbox is said by its own command."""
    with suppress(UserError, OSError):
        file = files.inbox(session.settings["inbox"])
        if file.exists():
            from trustlog.domain.inbox import lines_of  # with what reads lines, only where there is an inbox
            from trustlog.store.inbox import Inbox

            return len(lines_of(Inbox(file, files.home()).content()))
    return 0
