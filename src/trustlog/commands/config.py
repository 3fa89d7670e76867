"""`config`: the settings."""

from typing import Annotated, Any

import typer

from trustlog import settings
from trustlog.commands.words.options import session_of
from trustlog.domain.text import visible

GROUP = typer.Typer(
    add_completion=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="\n    trustlog config set minutes 2\n\nSettings. A flag beats the environment, which beats config.toml.",
)  # fmt: skip

Found = dict[str, tuple[Any, str]]
Name = typer.Argument(metavar="NAME", help="A setting.", autocompletion=lambda: list(settings.SETTINGS))


@GROUP.command("list")
def list_(ctx: typer.Context) -> None:
    """
        trustlog config list

    Every setting, its value, and where that comes from.
    """
    session = session_of(ctx)
    found = {name: session.settings.source(name) for name in settings.SETTINGS}
    session.show(found, _data, lambda found, look: "\n".join(
        f"{look.paint(name.ljust(15), 'accent')} {_text(value):<6} {look.paint(_about(name, source), 'dim')}"
        for name, (value, source) in found.items()
    ))  # fmt: skip


@GROUP.command("get")
def get(ctx: typer.Context, name: Annotated[str, Name]) -> None:
    """
        trustlog config get minutes

    One setting's value.
    """
    session = session_of(ctx)
    known = settings.known(name).name
    session.show({known: session.settings.source(known)}, _data, lambda found, _: _text(found[known][0]))


@GROUP.command("set")
def set_(
    ctx: typer.Context,
    name: Annotated[str, Name],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")],
) -> None:
    """
        trustlog config set half-life-days 120

    Write one setting into config.toml. Not part of undo.
    """
    session = session_of(ctx)
    known = settings.known(name).name
    done = {known: (settings.write(known, value), "file")}
    session.show(done, _data, lambda done, _: f"{known} = {_text(done[known][0])}")


def _data(found: Found) -> dict[str, Any]:
    return {"settings": {name: {"value": value, "source": source} for name, (value, source) in found.items()}}


def _about(name: str, source: str) -> str:
    return f"{source}; {settings.SETTINGS[name].help}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else visible(str(value))
