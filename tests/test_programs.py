"""Command lines that people write into EDITOR, PAGER and key_command, as words."""

from __future__ import annotations

import sys

import pytest

from trustlog import settings

LINES = [
    ("code --wait", ["code", "--wait"]),
    ('"my editor" -n', ["my editor", "-n"]),
    ("", []),
]
ON_WINDOWS = [
    (r"C:\Windows\notepad.exe", [r"C:\Windows\notepad.exe"]),
    (r'"C:\Program Files\Code\code.cmd" --wait', [r"C:\Program Files\Code\code.cmd", "--wait"]),
]


@pytest.mark.parametrize(("line", "words"), LINES)
@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_words_are_told_apart_as_a_shell_would(
    monkeypatch: pytest.MonkeyPatch, platform: str, line: str, words: list[str]
) -> None:
    monkeypatch.setattr(sys, "platform", platform)

    assert settings.words(line) == words


@pytest.mark.parametrize(("line", "words"), ON_WINDOWS)
def test_a_backslash_is_part_of_a_path_on_windows(monkeypatch: pytest.MonkeyPatch, line: str, words: list[str]) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert settings.words(line) == words


def test_an_open_quote_is_an_error() -> None:
    with pytest.raises(ValueError, match="quotation"):
        settings.words('code "--wait')
