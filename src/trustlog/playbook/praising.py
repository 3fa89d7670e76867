"""The words of praise and wins, checked: every sentence is known, and every place in it can be filled."""

from collections.abc import Iterable
from typing import Any

from trustlog.domain.coaching import praise
from trustlog.domain.coaching.wins import WinsWords
from trustlog.domain.filling import unknown_place
from trustlog.domain.kinds import KINDS
from trustlog.domain.standing.milestones import NAMES
from trustlog.playbook.checks import PlaybookError

_GOOD = tuple(name for name, kind in KINDS.items() if kind.sign == "+")
_WINS = {
    "once": (_GOOD, ()),
    "often": (_GOOD, ("count", "times")),
    "milestones": (NAMES, ("name",)),
    "headings": (("mine", "milestones", "theirs", "together", "steps"), ()),
}
"""The tables of wins.toml: what may stand in each, and the places of its sentences."""


def check_praise(words: dict[str, Any]) -> dict[str, str]:
    """A praise.toml as a template for each channel. Raises PlaybookError."""
    _known(words, ("channels",))
    return _sentences("channels", words["channels"], praise.CHANNELS, praise.PLACES)


def check_wins(words: dict[str, Any]) -> WinsWords:
    """A wins.toml as its sentences. Raises PlaybookError."""
    _known(words, (*_WINS, "nothing"))
    if not isinstance(words["nothing"], str):
        raise PlaybookError("nothing must be a text", "nothing")
    tables = {name: _sentences(name, words[name], *rule) for name, rule in _WINS.items()}
    return WinsWords(**tables, nothing=words["nothing"])


def _known(words: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = next((key for key in words if key not in allowed), None)
    if unknown is not None:
        raise PlaybookError(f"{unknown!r} is not known here; there are {', '.join(allowed)}", unknown)


def _sentences(table: str, words: Any, names: Iterable[str], places: Iterable[str]) -> dict[str, str]:
    if not isinstance(words, dict):
        raise PlaybookError(f"{table} must be a table of sentences", table)
    for name, sentence in words.items():
        if name not in names or not isinstance(sentence, str):
            raise PlaybookError(f"{table}: {name!r} must be one of {', '.join(names)}, with a text", name)
        odd = unknown_place(sentence, places)
        if odd is not None:
            there = ", ".join(f"{{{one}}}" for one in places) or "none"
            raise PlaybookError(f"{table}: {name} has no place {{{odd}}}; there are: {there}", name)
    return words
