"""Markdown: no text of a person becomes markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlog.formats import markdown_file


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("# head", r"\# head"),
        ("1. one", r"1\. one"),
        ("12) one", r"12\) one"),
        ("**b** _i_ `c`", r"\*\*b\*\* \_i\_ \`c\`"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("[x](y)", r"\[x\]\(y\)"),
        ("http://x.y", r"http\:\/\/x.y"),
        ("\x1b[31m", r"\\x1b\[31m"),
        ("    code", "code"),
    ],
)
def test_a_line_is_escaped(text: str, written: str) -> None:
    assert markdown_file.escaped(text) == written


@given(st.text())
def test_every_sign_that_could_be_markup_stands_behind_a_backslash(text: str) -> None:
    written = markdown_file.quoted(text, "  ").replace("&nbsp;", "")
    assert re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~&]", written) is None
    assert all(line.endswith("  ") for line in written.split("\n")[:-1])
