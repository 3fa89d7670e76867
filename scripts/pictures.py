"""Write docs/{trustlog,manager,year}-{light,dark}.svg: what the program says of the demo's journal, on a fixed day.

python scripts/pictures.py [--check]
"""

import io
import os
import re
import shlex
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from trustlog import app
from trustlog.session import Session
from trustlog.ui.text import Look

DOCS = Path(__file__).parent.parent / "docs"
NOW = datetime(2026, 11, 23, 15, 2, tzinfo=UTC)
WIDTH = 84
SCENES = {
    "trustlog": ("trustlog", "trustlog report", "trustlog next marcus"),
    "manager": ("trustlog report dana",),
    "year": ("trustlog year",),
}
"""The commands of each picture."""
GREY = (118, 118, 118)
COLOURS = [GREY, (180, 80, 60), (60, 140, 70), (176, 112, 0), (60, 90, 170), (130, 80, 150), (0, 125, 140), GREY]
THEMES = {
    "light": TerminalTheme((255, 255, 255), (40, 42, 46), COLOURS, COLOURS),
    "dark": TerminalTheme(
        (30, 32, 36), (222, 222, 218),
        [*COLOURS[:3], (224, 168, 72), *COLOURS[4:6], (96, 196, 206), (160, 160, 160)],
        [*COLOURS[:3], (224, 168, 72), *COLOURS[4:6], (96, 196, 206), (160, 160, 160)],
    ),
}  # fmt: skip


def said(line: str) -> str:
    """What the program answers on a terminal in colour, on the fixed day."""
    session = Session()
    session.now = NOW
    session.screen.look = Look(width=80, color=True, blocks=True, terminal=True)
    out = io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            app.run(shlex.split(line)[1:], session)
    finally:
        session.close()
    return out.getvalue()


def drawn(scenes: dict[str, str], theme: TerminalTheme) -> str:
    """A picture of several runs, one below the other."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard",
        legacy_windows=False, _environ={},
    )  # fmt: skip
    for line, answer in scenes.items():
        console.print(Text(f"$ {line}", "bold"))
        console.print(Text.from_ansi(answer.rstrip("\n")), highlight=False, soft_wrap=True)
        console.print()
    svg = console.export_svg(title="trustlog", theme=theme, unique_id="trustlog")
    # the fonts would come from the network; the machine's own monospaced font does as well
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "ui-monospace")
    return "".join(f"{row.rstrip()}\n" for row in svg.splitlines())


def pictures() -> dict[str, str]:
    """Each picture by its file name."""
    os.environ.update(TZ="UTC", TERM="xterm-256color", COLUMNS="80")
    time.tzset()
    mask = os.umask(0o077)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRUSTLOG_HOME"] = tempfile.tempdir = folder
        said("trustlog demo")
        os.environ["TRUSTLOG_HOME"] = str(next(Path(folder).glob("trustlog-demo-*")))
        scenes = {name: {line: said(line) for line in lines} for name, lines in SCENES.items()}
    os.umask(mask)
    return {
        f"{name}-{theme}.svg": drawn(answers, colours)
        for name, answers in scenes.items()
        for theme, colours in THEMES.items()
    }


def words(svg: str) -> list[str]:
    """What stands in a picture; how Rich draws it may change from one version to the next."""
    return re.findall(r"<text [^>]*>([^<]*)</text>", svg)


def main() -> int:
    made = pictures()
    if "--check" in sys.argv[1:]:
        stale = [
            name for name, svg in made.items()
            if not (DOCS / name).exists() or words((DOCS / name).read_text("utf-8")) != words(svg)
        ]  # fmt: skip
        if stale:
            print(f"{', '.join(stale)} stale; run: python scripts/pictures.py", file=sys.stderr)
        return 1 if stale else 0
    for name, svg in made.items():
        (DOCS / name).write_text(svg, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
