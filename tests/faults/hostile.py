"""Texts that break other programs, and what may never reach a terminal."""

from __future__ import annotations

import re

TEXTS = {
    "ansi colour": "red \x1b[31malert\x1b[0m end",
    "osc title": "title \x1b]0;owned\x07 and \x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\",
    "controls": "bell \x07 back \x08 del \x7f vt \x0b c1 \x9b31m",
    "newlines": "first line\nsecond line\n\nfourth",
    "carriage return": "shown\rhidden\r\nend",
    "emoji": "family 👩‍👩‍👧‍👦 flag 🇩🇪 skin 👍🏽",
    "right to left override": "invoice \u202egpj.exe\u202c and \u2066isolate\u2069",
    "combining": "Zal\u0336\u0337\u0334\u0335go e\u0301 and A\u030a",
    "dashes": "--- leading dashes",
    "option": "--version",
    "markup": "[bold red]not markup[/] [link=file:///etc/passwd]x[/link] [/]",
    "formula": "=cmd|'/C calc'!A0",
    "plus": "+1+1",
    "shell": "quotes ' \" ` backslash \\ \\n $(touch /tmp/owned) ${HOME} %s {0}",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;</p>",
    "templates": "{{ 7*7 }} {% include 'x' %} {name} {manager} ${x} <%= 1 %>",
    "tab and at": "\t@SUM(A1)",
    "line separators": "a\u2028b\u2029c\x85d",
}
LONG = "long " * 24_000  # 120 kB, the most that one argument holds
MEBIBYTE = "é" * (1 << 19)
"""The longest note there may be."""

OWN_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What no terminal may meet, besides our own colours."""


def raw_in(said: str) -> list[str]:
    """What of `said` a terminal would obey: escapes that are not our own colours, controls, overrides."""
    return [repr(said[max(0, hit.start() - 20) : hit.end() + 10]) for hit in RAW.finditer(OWN_COLOURS.sub("", said))]
