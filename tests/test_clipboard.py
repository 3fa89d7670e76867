"""The clipboard: the desktop's tool first, then the terminal itself, and never a wait without end."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pexpect
import pytest

from trustlog.ui import clipboard

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Hi Dana,\nmerci, Zoë 👋 \x1b[31m"
ASK = """import sys
from trustlog.ui import clipboard
from trustlog.errors import UserError
clipboard.PATIENCE = 0.5
try:
    how = clipboard.copy(sys.stdin.buffer.read().decode()).how()
except UserError as error:
    sys.exit(f"{error.code}: {error.message}. {error.hint}")
sys.stdout.write(how)
"""


class Desk:
    """A machine whose PATH holds only the tools that a test lays down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {"PATH": str(folder), "TERM": "xterm"}
        folder.mkdir()

    def tool(self, name: str, body: str = "") -> None:
        """A tool that writes down what it was told and given, then does `body`."""
        path = self.folder / name
        path.write_text(
            f'#!/bin/sh\necho "$@" > "{path}.words"\necho "$LC_CTYPE" > "{path}.env"\n/bin/cat > "{path}.got"\n{body}\n'
        )
        path.chmod(0o755)

    def got(self, name: str) -> bytes:
        return (self.folder / f"{name}.got").read_bytes()

    def words(self, name: str) -> str:
        return (self.folder / f"{name}.words").read_text().strip()

    def copy(self, text: str = TEXT, **env: str) -> subprocess.CompletedProcess[bytes]:
        """Copy in a process that has no terminal."""
        return subprocess.run(
            [sys.executable, "-c", ASK], input=text.encode(), env=self.env | env, capture_output=True,
            check=False, timeout=30, start_new_session=True,
        )  # fmt: skip

    def copy_at_a_terminal(self, **env: str) -> str:
        """Copy in a process of its own terminal; what that terminal was sent."""
        (self.folder / "text").write_text(TEXT)
        script = ASK.replace("sys.stdin.buffer.read()", f'open("{self.folder}/text", "rb").read()')
        child = pexpect.spawn(
            sys.executable, ["-c", script], env=self.env | env, encoding="utf-8", timeout=20
        )  # fmt: skip
        said = str(child.read())
        child.close()
        assert child.exitstatus == 0, said
        return said


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "bin")


@pytest.mark.parametrize(
    ("name", "words", "env"),
    [
        ("pbcopy", "", {}),
        ("wl-copy", "", {"WAYLAND_DISPLAY": "wayland-0"}),
        ("xclip", "-selection clipboard -in", {"DISPLAY": ":0"}),
        ("xsel", "--clipboard --input", {"DISPLAY": ":0"}),
        ("tmux", "load-buffer -w -", {"TMUX": "/tmp/tmux-1/default,1,0"}),
    ],
)
def test_each_desktop_is_served_by_its_own_tool(desk: Desk, name: str, words: str, env: dict[str, str]) -> None:
    desk.tool(name)
    done = desk.copy(**env)
    assert (done.returncode, done.stdout, done.stderr) == (0, name.encode(), b"")
    assert desk.got(name) == TEXT.encode()
    assert desk.words(name) == words


def test_pbcopy_is_told_that_the_text_is_utf_8(desk: Desk) -> None:
    desk.tool("pbcopy")
    desk.copy()
    assert (desk.folder / "pbcopy.env").read_text() == "UTF-8\n"


def test_windows_gets_its_own_encoding_with_a_mark(desk: Desk) -> None:
    desk.tool("clip.exe")
    assert desk.copy(WSL_DISTRO_NAME="Ubuntu").stdout == b"clip.exe"
    assert desk.got("clip.exe") == TEXT.encode("utf-16")


def test_a_tool_without_its_display_is_not_tried(desk: Desk) -> None:
    for name in ("wl-copy", "xclip", "xsel", "clip.exe", "tmux"):
        desk.tool(name)
    done = desk.copy()
    assert done.returncode == 1
    assert sorted(path.name for path in desk.folder.glob("*.got")) == []


def test_a_tool_that_fails_leads_to_the_next_one(desk: Desk) -> None:
    desk.tool("wl-copy", "exit 1")
    desk.tool("xclip")
    assert desk.copy(WAYLAND_DISPLAY="wayland-0", DISPLAY=":0").stdout == b"xclip"
    assert desk.got("xclip") == TEXT.encode()


def test_a_tool_that_hangs_is_given_up(desk: Desk) -> None:
    desk.tool("xclip", "exec /bin/sleep 60")
    desk.tool("xsel")
    began = time.monotonic()
    assert desk.copy(DISPLAY=":0").stdout == b"xsel"
    assert time.monotonic() - began < 10


def test_a_tool_that_never_reads_a_long_text_is_given_up(desk: Desk) -> None:
    (desk.folder / "xclip").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    (desk.folder / "xclip").chmod(0o755)
    desk.tool("xsel")
    assert desk.copy("a" * 1_000_000, DISPLAY=":0").stdout == b"xsel"


def test_a_tool_that_stays_behind_to_hold_the_text_is_not_waited_for(desk: Desk) -> None:
    desk.tool("wl-copy", f'/bin/sleep 20 & echo $! > "{desk.folder}/left"')
    began = time.monotonic()
    assert desk.copy(WAYLAND_DISPLAY="wayland-0").stdout == b"wl-copy"
    assert time.monotonic() - began < 10
    os.kill(int((desk.folder / "left").read_text()), 9)


def test_with_no_tool_and_no_terminal_it_says_so_in_a_line(desk: Desk) -> None:
    done = desk.copy()
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == ("no-terminal: no clipboard was found. The text is above; copy it there by hand.\n")


def test_a_terminal_takes_the_text_itself(desk: Desk) -> None:
    said = desk.copy_at_a_terminal()
    assert said == f"\x1b]52;c;{base64.b64encode(TEXT.encode()).decode()}\x07the terminal"


def test_tmux_is_asked_to_pass_it_on(desk: Desk) -> None:
    said = desk.copy_at_a_terminal(TMUX="/nowhere,1,0")
    inner = f"\x1b\x1b]52;c;{base64.b64encode(TEXT.encode()).decode()}\x07"
    assert said == f"\x1bPtmux;{inner}\x1b\\the terminal"


def test_screen_gets_it_in_short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("STY", "1.pts-0.here")
    sent = clipboard._sequence(b"a" * 1000)
    pieces = sent.split(b"\x1b\\")
    assert pieces.pop() == b""
    assert all(piece.startswith(b"\x1bP") and len(piece) < 256 for piece in pieces)
    whole = b"".join(piece.removeprefix(b"\x1bP") for piece in pieces)
    assert whole == b"\x1b]52;c;" + base64.b64encode(b"a" * 1000) + b"\x07"


def test_a_terminal_without_any_abilities_is_left_alone(desk: Desk) -> None:
    child = pexpect.spawn(
        sys.executable, ["-c", ASK.replace("sys.stdin.buffer.read()", 'b"x"')],
        env=desk.env | {"TERM": "dumb"}, encoding="utf-8", timeout=20,
    )  # fmt: skip
    said = str(child.read())
    child.close()
    assert child.exitstatus == 1
    assert said.startswith("no-terminal: ")


def test_what_is_too_long_for_a_terminal_is_not_sent_in_part(desk: Desk) -> None:
    script = ASK.replace("sys.stdin.buffer.read()", '(b"x" * 74_995)')
    child = pexpect.spawn(sys.executable, ["-c", script], env=desk.env, encoding="utf-8", timeout=20)
    said = str(child.read())
    child.close()
    assert child.exitstatus == 1
    assert said.startswith("no-terminal: ")


def test_the_longest_text_that_a_terminal_takes_arrives_whole(desk: Desk) -> None:
    script = ASK.replace("sys.stdin.buffer.read()", '(b"x" * 74_994)')
    child = pexpect.spawn(sys.executable, ["-c", script], env=desk.env, encoding="utf-8", timeout=20)
    said = str(child.read())
    child.close()
    assert base64.b64decode(said.removeprefix("\x1b]52;c;").partition("\x07")[0]) == b"x" * 74_994


def test_a_terminal_that_is_held_still_is_given_up(desk: Desk) -> None:
    script = ASK.replace("sys.stdin.buffer.read()", '(b"x" * 70_000)')
    script = f"import os, sys\nsys.stderr = open(os.devnull, 'w')\n{script}"  # it would be held as well
    child = pexpect.spawn(sys.executable, ["-c", script], env=desk.env, encoding="utf-8", timeout=20)
    began = time.monotonic()
    while child.isalive() and time.monotonic() - began < 10:  # nobody reads what it writes
        time.sleep(0.05)
    assert not child.isalive()
    child.close()
    assert child.exitstatus == 1
