"""Write docs/commands.md from the program, or with --check say whether it is current.

python scripts/reference.py [--check]
"""

import sys
from pathlib import Path
from typing import Any

import generated
import typer
from typer.cli import get_docs_for_click
from typer.main import get_command

from trustlog.app import CONTENTS, EVERYWHERE, app
from trustlog.domain.entries import FACETS, KINDS
from trustlog.errors import CODES, EXITS
from trustlog.playbook import Playbook
from trustlog.settings import SETTINGS

FILE = generated.DOCS / "commands.md"


def text() -> str:
    """The whole reference."""
    playbook = Playbook(Path("/nonexistent"), lambda _: None)
    parts = [
        "# Reference\n\nMade from the program by `python scripts/reference.py`; do not edit it by hand.\n",
        f"## Commands\n\n`trustlog` and `tl` are the same program. {EVERYWHERE}\n",
        *(_command(entry) for entry in CONTENTS if not entry.hidden),
        "## Kinds\n\nA kind may be typed as its name, its unique beginning, or a short word for it.\n\n"
        "| kind | whose | counts for | short words |\n| --- | --- | --- | --- |",
        "\n".join(_kind(name, playbook.aliases) for name in KINDS) + "\n",
        "## Settings\n\nIn `config.toml` in the home folder, or as an environment variable; a flag beats both.\n\n"
        "| setting | variable | takes | default | meaning |\n| --- | --- | --- | --- | --- |",
        "\n".join(
            f"| `{name}` | `{setting.variable}` | {setting.takes} | {_default(setting.default)} | {setting.help} |"
            for name, setting in SETTINGS.items()
        )
        + "\n",
        "## Exit codes\n\n| code | meaning |\n| --- | --- |",
        "\n".join(f"| {code.value} | {meaning} |" for code, meaning in EXITS.items()) + "\n",
        '## Error codes\n\nWith `--json` an error is `{"schema": "trustlog/1", "error": {"code", "message", "hint"}}` '
        "on stderr.\n\n| code | meaning |\n| --- | --- |",
        "\n".join(f"| `{code}` | {meaning} |" for code, meaning in CODES.items()) + "\n",
    ]
    return "\n".join(parts)


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`" if value != "" else ""


def _command(entry: Any) -> str:
    root = get_command(app)
    context = typer.Context(root, info_name="trustlog")
    command = next(found for name, found in root.commands.items() if name == entry.name)  # type: ignore[attr-defined]  # Typer names only the base class
    made = get_docs_for_click(obj=command.load(root.params), ctx=context, indent=2, name=f"trustlog {entry.name}")
    return made.replace(f"{EVERYWHERE}\n", "").strip() + "\n"


def _kind(name: str, aliases: dict[str, str]) -> str:
    kind = KINDS[name]
    weights = ", ".join(
        f"{facet} {'−' if kind.sign == '-' else '+'}{weight:g}"
        for facet, weight in zip(FACETS, kind.weights, strict=True)
        if weight
    )
    shorts = ", ".join(f"`{alias}`" for alias, target in aliases.items() if target == name)
    return f"| `{name}` | {kind.who} | {weights or 'nothing, journal only'} | {shorts} |"


if __name__ == "__main__":
    sys.exit(generated.write(FILE, text()))
