"""`boundary` and `support`: a few questions when a line was crossed, and one door for a hard day."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any

import typer

from trustlog import clock
from trustlog.commands import asking, conversations_walk, options, people_named
from trustlog.commands.asking_fields import SKIP, a_line
from trustlog.domain import private as domain
from trustlog.domain.people import Manager
from trustlog.domain.scripts import Field
from trustlog.domain.text import filled, marked, unmarked
from trustlog.errors import ExitCode, UserError
from trustlog.services import conversations, conversations_answers, finding
from trustlog.services import private as private_service
from trustlog.session import Session
from trustlog.store import private as private_store
from trustlog.ui import breathing
from trustlog.ui.ask import Option
from trustlog.view import conversations as view

GROUPS = (("red_ask", domain.RED), ("amber_ask", domain.AMBER), ("impact_ask", domain.IMPACT))
FIELDS = {question: Field(question, "yes-no", "") for question in domain.QUESTIONS}
FLAG = "nothing: the page needs no answer"
OWN = "own-words"


def boundary(
    ctx: typer.Context,
    manager: options.ManagerIfAny = None,
    when: Annotated[str | None, options.moment("--when -w", "The day it happened; today.")] = None,
    answers: options.Answers = None,
    set_: options.Set = None,
    clear: Annotated[bool, typer.Option("--clear", help="Lift the restriction on what is suggested.")] = False,
) -> None:
    """
        trustlog boundary marcus

    Three short lists of what may have happened, or yes and no by their ids BR1 to BI3 with --set or --answers.
    They judge nobody; they help you decide whether to bring someone in. With no answers and no terminal it tells
    the level and writes nothing.
    """
    if clear and (answers or set_):
        raise typer.BadParameter("--clear and answers do not go together", ctx=ctx)
    session = options.session_of(ctx)
    who = people_named.known(session, manager)
    on = session.past(when, "Give the day it happened.").date()
    given = _given(session, who, answers, set_)
    checked = not clear and bool(given or session.ask.possible)
    if clear:
        private_service.clear(session.store, who, on)
    elif checked:
        given = given or _asked(session, who, on)
        private_service.record(session.store, who, on, given)
    level = _told(session, who, private=session.may_show_private())
    session.show(level, view.boundary_data, view.boundary_lines)
    if checked and level.restricted and level.standing.level != "L0" and not any(given.values()):
        session.screen.hint(filled(session.playbook.boundary["still"], {"handle": who.handle}))
    if clear:
        session.screen.hint(session.playbook.boundary["not_cleared" if level.restricted else "cleared"])


def go_through(session: Session, handle: str, on: date) -> None:
    """Ask the questions in the middle of a debrief, and say what follows to the person who is there."""
    who = finding.manager(session.store, handle)
    private_service.record(session.store, who, on, _asked(session, who, on))
    session.screen.note(_told(session, who, private=True).words)


def support_page(session: Session, who: Manager | None, *, private: bool) -> domain.Support:
    """The page for a hard day; one's own people and sentences only where `private`."""
    own = own_page(session) if private else {}
    return private_service.support(session.playbook.boundary, own, session.playbook.script("prep").drafts, who)


def own_page(session: Session) -> dict[str, Any]:
    """The recruiter's own page, or nothing of it where it cannot be read."""
    try:
        return private_store.load_profile(session.reading)
    except (Exception, KeyboardInterrupt):  # whatever is broken, or no key is given: the support page is there
        return {}


def _given(session: Session, who: Manager, file: str | None, set_: list[str] | None) -> dict[str, bool]:
    typed = {name.upper(): value for name, value in asking.given_answers(FIELDS, file, set_ or []).items()}
    checked = conversations_answers.checked_answers(
        session.reading, FIELDS, typed, who, lambda text: session.moment(text).date()
    )
    return {name: value for name, value in checked.items() if value is not None}


def _asked(session: Session, who: Manager, on: date) -> dict[str, bool]:
    """What happened, three lists to tick, each kept as it comes; one that was shown before is not shown again."""
    words = session.playbook.boundary
    answers = private_store.check_draft(session.store, who.id)
    session.screen.note(words["opening"])
    with asking.kept_as_draft(session, f"trustlog boundary {who.handle}", lambda: answers):
        for ask, questions in GROUPS:
            if not set(questions) <= set(answers):
                choices = [Option(words["questions"][question], question) for question in questions]
                ticked = session.ask.pick(words[ask], choices, flag=f"--set {questions[0]}=yes")
                answers |= {question: question in ticked for question in questions}
                private_service.keep(session.store, who, on, answers)
    if not any(answers.values()):
        private_service.let_go(session.store, who)
    # what was not ticked was skipped, which is no answer
    return {question: True for question, yes in answers.items() if yes}


def _told(session: Session, who: Manager, *, private: bool) -> domain.Told:
    own = private_store.load_profile(session.reading) if private else {}
    return private_service.told(session.reading, who, session.now.date(), session.playbook.boundary, own)


def support(ctx: typer.Context, manager: options.ManagerIfAny = None, private: options.Private = False) -> None:
    """
        trustlog support marcus

    Where to turn when it is a lot. At a terminal a short walk of six parts, each of which may be passed over;
    elsewhere one page. Always here, also offline.
    """
    session = options.session_of(ctx)
    who = _named(session, manager) if manager is not None else None
    if not (session.ask.possible and session.screen.look.terminal) or session.options.json:
        page = support_page(session, who, private=session.may_show_private(private))
        session.show(page, view.support_data, view.support_page)
        return
    words = session.playbook.boundary["support"]
    try:
        _walk(session, who, words)
    except (KeyboardInterrupt, EOFError):
        session.screen.note(f"\n{words['stopped']}\n\n{words['crisis']}")
        raise typer.Exit(ExitCode.CTRL_C) from None


def _named(session: Session, typed: str) -> Manager | None:
    """The manager that was named. Raises UserError if the journal knows no such one."""
    try:
        return finding.manager(session.reading, typed)
    except UserError as error:
        if error.code in ("unknown-manager", "ambiguous-manager"):
            raise
    except Exception:  # noqa: S110 - a journal that cannot be read keeps nobody from this page
        pass
    return None


def _walk(session: Session, who: Manager | None, words: Any) -> None:
    own = own_page(session)
    note = session.screen.note
    note(f"{words['page']}\n\n" + "\n".join(words["shaken"]) + f"\n\n{words['how']}\n")
    _settle(session, words["settle"])
    sentence = _sentence(session, own, words)
    _ready_words(session, who, words)
    _person(session, own, words)
    who = _talk(session, who, words)
    _line(session, who, words)
    last = [filled(words["sentence"]["kept"], {"sentence": sentence})] if sentence else []
    note("\n" + "\n".join([*last, words["goodbye"], "", words["crisis"]]))


def _part(name: str, words: str) -> str:
    """Where one is, and what is asked or said there."""
    return f"{private_service.PARTS.index(name) + 1} of {len(private_service.PARTS)}  {words}"


def _settle(session: Session, words: Any) -> None:
    field = session.playbook.script("prep").fields().get("settle_choice")
    paces = dict(zip(field.options, field.words or field.options, strict=True)) if field else {}
    choices = [SKIP, *(Option(paces.get(pace, pace), pace) for pace in breathing.PACES)]
    pace = session.ask.choose(_part("settle", words["ask"]), choices, flag=FLAG, default="")
    if pace:
        session.screen.aside(words["care"])
        breathing.guide(pace, words["seconds"])


def _sentence(session: Session, own: dict[str, Any], words: Any) -> str:
    """The sentence that was chosen, or written and kept; empty if none."""
    page = words["sentence"]
    known = private_service.sentences(words, own)
    choices = [SKIP, *(Option(sentence, sentence) for sentence in known), Option(page["own"], OWN)]
    chosen = str(session.ask.choose(_part("sentence", page["ask"]), choices, flag=FLAG, default=""))
    if chosen != OWN:
        return chosen
    typed = session.ask.text(page["ask_own"], flag=FLAG, check=a_line).strip()
    if typed:
        _kept(session, words, {"sentences": [typed]})
    return typed


def _ready_words(session: Session, who: Manager | None, words: Any) -> None:
    page, left = words["words"], private_service.ready(words, session.playbook.script("prep").drafts, who)
    message = _part("words", page["ask"])
    while left:
        keys = {name: str(number) for number, name in enumerate(left, 1)}
        choices = [SKIP, *(Option(f"{keys[name]}  {page[name]}", name, keys[name]) for name in left)]
        chosen = session.ask.choose(message, choices, flag=FLAG, default="")
        if not chosen:
            return
        text = left.pop(chosen)
        if who is None:
            text = unmarked(options.completed(session, text.replace("[name]", marked("[name]")), as_it_is=False))
        copied = session.copy(text)
        session.screen.aside(f"\n{text}\n")
        session.screen.aside(copied.problem.sentence if copied.problem else filled(page["copied"], {"by": copied.by}))
        message = page["more"]


def _person(session: Session, own: dict[str, Any], words: Any) -> None:
    page, known = words["person"], private_service.people_of(own)
    if known:
        session.screen.note(f"  {_part('person', filled(page['known'], {'people': known}))}")
        return
    name = session.ask.text(_part("person", page["ask"]), flag=FLAG, check=a_line).strip()
    if name and _kept(session, words, {"comfort_people": [name]}):
        session.screen.aside(filled(page["kept"], {"name": name}))


def _talk(session: Session, who: Manager | None, words: Any) -> Manager | None:
    """The two-minute preparation; who it was with, where that was said."""
    page = words["talk"]
    if not session.ask.confirm(_part("talk", page["ask"]), flag=FLAG):
        return who

    def prepared() -> Manager | None:
        found = who or _with_whom(session, page["who"])
        if found is None:
            return None
        occasion = conversations.Occasion(found, "prep", session.now.date(), 2)
        if conversations.to_go_on_with(session.store, occasion) is None:
            typed = session.ask.text(
                page["when"], flag=FLAG, default="tomorrow", check=lambda day: session.problem(day, "future")
            )
            if not clock.says_time(typed, session.now):

                def unreadable(time: str) -> str | None:
                    return session.problem(f"{typed} {time}", "future")

                typed = f"{typed} {session.ask.text(page['time'], flag=FLAG, default='noon', check=unreadable)}"
            occasion = occasion._replace(planned_for=session.moment(typed, "future"))
        script = session.playbook.script("prep")
        talk = conversations_walk.prepare(session, script, occasion, {})
        conversations_walk.show(session, script, talk, "prep", private=False)
        return found

    return _whatever_happens(session, words, prepared) or who


def _line(session: Session, who: Manager | None, words: Any) -> None:
    page = words["line"]
    if who is not None and _whatever_happens(
        session, words, lambda: private_service.noted_lately(session.store, who, session.now.date())
    ):
        return
    if not session.ask.confirm(_part("line", page["ask"]), flag=FLAG):
        return

    def gone_through() -> None:
        found = who or _with_whom(session, words["talk"]["who"])
        if found is not None:
            go_through(session, found.handle, session.now.date())

    _whatever_happens(session, words, gone_through)


def _with_whom(session: Session, message: str) -> Manager | None:
    """The manager that is meant; None for an empty answer."""
    typed = people_named.name_typed(session, message, partial(people_named.unknown, session.store), flag=FLAG).strip()
    return finding.manager(session.store, typed) if typed else None


def _kept(session: Session, words: Any, added: dict[str, list[Any] | None]) -> bool:
    """Whether something could be kept in the own drawer: its page is not empty then."""
    return bool(_whatever_happens(session, words, lambda: private_service.save_profile(session.store, {}, added)))


def _whatever_happens(session: Session, words: Any, do: Callable[[], Any]) -> Any:
    """What a part gives; None, with a word, where the journal or the settings cannot be used: the walk goes on."""
    try:
        return do()
    except UserError as error:
        session.screen.aside(f"{words['not_kept']} {error.sentence}")
    except Exception:  # a damaged journal too; the next command tells more
        session.screen.aside(words["not_kept"])
    return None
