"""`help`, `guide`, `demo`, `config`: what there is, how things work, a journal to try, and the settings."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from trustlog import clock, settings
from trustlog.commands.options import SHARED, called_bare, group, session_of
from trustlog.domain.outcomes import GuideLine, GuidePage, Program
from trustlog.domain.people import nearest
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import help as help_service
from trustlog.session import Session
from trustlog.view import help as help_view


def complete_topic(incomplete: str) -> list[str]:
    """Topics that begin as typed."""
    return [topic for topic in help_service.TOPICS if topic.startswith(incomplete)]


Topic = Annotated[
    str | None,
    typer.Argument(metavar="[TOPIC]", help="One of the topics; none lists them.", autocompletion=complete_topic),
]


def guide(ctx: typer.Context, topic: Topic = None) -> None:
    """
        trustlog guide kinds

    How things work, in plain words, by topic. Longer pages open in your pager ($PAGER, else less).
    """
    session = session_of(ctx)
    if topic is None:
        session.show(help_service.guide_topics(), help_view.topics_data, help_view.topics)
        return
    page = help_service.guide_page(topic, session.playbook, _guide_program(ctx))
    session.show(page, GuidePage._asdict, help_view.guide_page, leaf=True)


def complete_help(ctx: typer.Context, incomplete: str) -> list[str]:
    """Commands and topics that begin as typed, and `all`."""
    root: Any = ctx.find_root().command
    named = [name for name, command in root.commands.items() if not command.hidden]
    return [word for word in ("all", *named, *help_service.TOPICS) if word.startswith(incomplete)]


About = Annotated[
    list[str] | None,
    typer.Argument(metavar="[all|COMMAND|TOPIC]", help="What about; none is --help.", autocompletion=complete_help),
]


def help_(ctx: typer.Context, about: About = None) -> None:
    """
        trustlog help all

    Every command by purpose, one line each; with a command its own help, with a topic its page of the guide.
    """
    session = session_of(ctx)
    root: Any = ctx.find_root()
    commands = root.command
    listed = [command for command in commands.commands.values() if not command.hidden]
    lines = [(command.rich_help_panel, command.name, command.help) for command in listed]
    if not about:
        session.show(lines, help_view.all_data, lambda _, __: commands.get_help(root))
    elif about == ["all"]:
        names = _option_names(commands.params)
        session.show(
            lines, help_view.all_data, lambda lines, look: help_view.all_commands(lines, names, look), leaf=True
        )
    elif about[0] in commands.commands:
        page = _command_page(root, about)
        session.show(page, GuidePage._asdict, lambda page, _: page.text)
    elif len(about) == 1 and any(topic.startswith(about[0].lower()) for topic in help_service.TOPICS):
        guide(ctx, about[0])
    else:
        near = nearest(about[0], [*(name for _, name, _ in lines), *help_service.TOPICS])
        hint = f"Did you mean {' or '.join(near)}?" if near else "See: trustlog help all"
        if here := commands.called_here(about[0]):
            hint = f"{here[0].upper()}{here[1:]}"
        raise UserError("bad-field", f"there is no help about {' '.join(about)}", hint)


def _command_page(root: Any, words: list[str]) -> GuidePage:
    """What `--help` of a command says. Raises UserError `bad-field` for a word that its group does not have."""
    context, command, line = root, root.command, ""
    for word in words:
        found: Any = getattr(command, "commands", {}).get(word)
        if found is None:
            raise UserError("bad-field", f"{context.command_path} has no {word}", f"See: {context.command_path} --help")
        line = found.short_help
        command = found.load(root.command.params) if hasattr(found, "load") else found
        context = typer.Context(command, info_name=word, parent=context)
    return GuidePage(" ".join(words), line, command.get_help(context))


def _option_names(options: list[Any]) -> list[str]:
    """Every option as it is typed, the two that are answered before or for all others at the end."""
    named = [
        f"{option.opts[0]} {option.metavar}" if option.metavar else option.opts[0]
        for option in options
        if option.name != "help"
    ]
    return [*named, "--version", "-h, --help"]


def _guide_program(ctx: typer.Context) -> Program:
    """The commands by panel, those of groups too, and the options of the top of the program."""
    root: Any = ctx.find_root().command

    def commands() -> tuple[GuideLine, ...]:
        return tuple(line for command in root.commands.values() for line in _lines(command, root.params))

    options = {param.name: GuideLine(", ".join(param.opts), param.help) for param in root.params if param.help}
    shared = tuple(line for name, line in options.items() if name in SHARED)
    alone = tuple(line for name, line in options.items() if name not in SHARED)
    return Program(commands, shared, (GuideLine("--version", "Say which version this is."), *alone))


def _lines(listed: Any, options: list[Any]) -> Iterator[GuideLine]:
    """A command of the contents, and behind a group its own."""
    if listed.hidden:
        return
    yield GuideLine(listed.name, listed.help, listed.rich_help_panel)
    if listed.entry.is_group:
        for command in listed.load(options).commands.values():
            if not command.hidden:
                yield GuideLine(f"{listed.name} {command.name}", command.short_help, listed.rich_help_panel)


def demo(ctx: typer.Context) -> None:
    """
        trustlog demo

    An invented recruiter's year in a throw-away home: the day's page, one entry, a card, and where things stand.
    Your own journal is not touched.
    """
    import tempfile  # with all that only the demo needs

    from trustlog.domain.scripts import card
    from trustlog.services import demo as service
    from trustlog.store.journal import Journal

    session = session_of(ctx)
    home = Path(tempfile.mkdtemp(prefix="trustlog-demo-"))
    journal = Journal.open(home / "trustlog.db", home / "snapshots")
    try:
        shown = service.play(
            journal, session.playbook.demo, session.now, clock.local_or_next, session.playbook.coaching,
            session.playbook.script("kickoff"),
        )  # fmt: skip
    finally:
        journal.close()
    scenes = help_view.Scenes(
        morning=shown.morning,
        written=shown.added.entries,
        talk=shown.talk,
        card=card(session.playbook.script("prep"), shown.talk.answers("prep"), private=True),
        report=shown.report,
        words=session.playbook.report,
        now=session.now,
        home=str(home),
        program=_demo_program(),
        agreement=shown.agreement,
        stages=session.playbook.kickoff,
    )
    session.show(scenes, help_view.demo_data, help_view.scenes)
    if not session.options.json:
        session.screen.document(help_view.ways_on(scenes))
        _first_manager(session)


def _first_manager(session: Session) -> None:
    """At a terminal, the answer to a last question is the first manager of one's own journal."""
    from trustlog.services import people  # with the store, only where the own journal is begun
    from trustlog.store import people as people_store

    if not (session.ask.possible and session.screen.look.terminal):
        return
    if session.file.exists() and people_store.names(session.reading):
        return
    session.screen.flush()  # the question stands on the other stream
    session.screen.note("")
    name = session.ask.text("Who is your hardest manager? (Enter: later)", flag="trustlog manager add").strip()
    if name:
        manager = people.add_manager(session.store, name, None, {})
        session.screen.hint(f"{manager.name} ({manager.handle}) is the first manager of your own journal.")


def _demo_program() -> str:
    """What to type here: the program's name where a shell finds it, else the path by which it was started."""
    started = sys.argv[0]
    return started if Path(started).name in ("trustlog", "tl") and not shutil.which("trustlog") else "trustlog"


CONFIG = group("trustlog config set minutes 2", "Settings. A flag beats the environment, which beats config.toml.")

Found = dict[str, tuple[Any, str]]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A setting.", autocompletion=lambda: list(settings.SETTINGS))]


@called_bare(CONFIG)
@CONFIG.command("list")
def list_settings(ctx: typer.Context) -> None:
    """
        trustlog config list

    Every setting, its value, and where that comes from.
    """
    session = session_of(ctx)
    found = {name: session.settings.source(name) for name in settings.SETTINGS}
    session.show(found, _settings_data, lambda found, look: "\n".join(
        f"{look.paint(name.ljust(15), 'accent')} {_setting_text(value):<6} "
        f"{look.paint(_about_setting(name, source), 'dim')}"
        for name, (value, source) in found.items()
    ))  # fmt: skip


@CONFIG.command("get")
def get_setting(ctx: typer.Context, name: Name) -> None:
    """
        trustlog config get minutes

    One setting's value.
    """
    session = session_of(ctx)
    known = settings.known(name).name
    session.show(
        {known: session.settings.source(known)}, _settings_data, lambda found, _: _setting_text(found[known][0])
    )


@CONFIG.command("set")
def set_setting(
    ctx: typer.Context,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")],
) -> None:
    """
        trustlog config set half-life-days 120

    Write one setting into config.toml. Not part of undo.
    """
    session = session_of(ctx)
    known = settings.known(name).name
    done = {known: (settings.write(known, value), "file")}
    session.show(done, _settings_data, lambda done, _: f"{known} = {_setting_text(done[known][0])}")


def _settings_data(found: Found) -> dict[str, Any]:
    return {"settings": {name: {"value": value, "source": source} for name, (value, source) in found.items()}}


def _about_setting(name: str, source: str) -> str:
    return f"{source}; {settings.SETTINGS[name].help}"


def _setting_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else visible(str(value))
