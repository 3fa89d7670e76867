"""`support`: one door for a hard day, as a walk at a terminal and as one page elsewhere."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from trustlog import clock
from trustlog.commands import asking, conversations_walk, people_named
from trustlog.commands import private as private_command
from trustlog.commands.asking_fields import SKIP, a_line
from trustlog.commands.completing import complete_manager
from trustlog.commands.options import session_of
from trustlog.domain.people import Manager
from trustlog.domain.text import filled, marked, unmarked
from trustlog.errors import ExitCode, UserError
from trustlog.services import conversations, finding
from trustlog.services import private as private_service
from trustlog.session import Session
from trustlog.ui import breathing
from trustlog.ui.ask import Option
from trustlog.view import conversations as view

FLAG = "nothing: the page needs no answer"
OWN = "own-words"


def support(
    ctx: typer.Context,
    manager: Annotated[
        str | None, typer.Argument(metavar="[MANAGER]", help="With whom it was.", autocompletion=complete_manager)
    ] = None,
    private: Annotated[
        bool, typer.Option("--include-reflections", help="Name your own people and sentences in pipes and JSON too.")
    ] = False,
) -> None:
    """
        trustlog support marcus

    Where to turn when it is a lot. At a terminal a short walk of six parts, each of which may be passed over;
    elsewhere one page. Always here, also offline.
    """
    session = session_of(ctx)
    who = _named(session, manager) if manager is not None else None
    if not (session.ask.possible and session.screen.look.terminal) or session.options.json:
        page = private_command.support_page(session, who, private=session.may_show_private(private))
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
    own = private_command.own_page(session)
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
    options = [SKIP, *(Option(paces.get(pace, pace), pace) for pace in breathing.PACES)]
    pace = session.ask.choose(_part("settle", words["ask"]), options, flag=FLAG, default="")
    if pace:
        session.screen.aside(words["care"])
        breathing.guide(pace, words["seconds"])


def _sentence(session: Session, own: dict[str, Any], words: Any) -> str:
    """The sentence that was chosen, or written and kept; empty if none."""
    page = words["sentence"]
    known = private_service.sentences(words, own)
    options = [SKIP, *(Option(sentence, sentence) for sentence in known), Option(page["own"], OWN)]
    chosen = str(session.ask.choose(_part("sentence", page["ask"]), options, flag=FLAG, default=""))
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
        options = [SKIP, *(Option(f"{keys[name]}  {page[name]}", name, keys[name]) for name in left)]
        chosen = session.ask.choose(message, options, flag=FLAG, default="")
        if not chosen:
            return
        text = left.pop(chosen)
        if who is None:
            text = unmarked(asking.completed(session, text.replace("[name]", marked("[name]")), as_it_is=False))
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
            private_command.go_through(session, found.handle, session.now.date())

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
