"""Sentences of `brief`, `update`, `praise` and of what went well, checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from trustlog.domain import praise
from trustlog.domain.entries import KINDS
from trustlog.domain.letters_brief import OPENINGS
from trustlog.domain.letters_update import LINES, UpdateWords, quotable, tellable
from trustlog.domain.praise import WinsWords
from trustlog.domain.standing import NAMES
from trustlog.playbook.claims import claimless
from trustlog.playbook.files import PlaybookError, known, sentences, texts

_OF_KINDS = {"done": ("note", "day"), "bare": ("day",)}


def openings(words: Mapping[str, Any]) -> dict[str, str]:
    """The sentences of a brief.toml. Raises PlaybookError."""
    known(words, ("openings",))
    return sentences(words["openings"], OPENINGS, "openings")


def update_words(words: Mapping[str, Any]) -> UpdateWords:
    """An update.toml. Raises PlaybookError."""
    known(words, ("lines", *_OF_KINDS))
    for name, places in _OF_KINDS.items():
        kinds = texts(words[name], name)
        forbidden = next((kind for kind in kinds if not tellable(kind)), None)
        if forbidden is not None:
            raise PlaybookError(f"{name}: {forbidden!r} is no kind that a mail may tell of", forbidden)
        unquoted = next((kind for kind in kinds if name == "done" and not quotable(kind)), None)
        if unquoted is not None:
            raise PlaybookError(f"done: a mail does not quote the notes of {unquoted!r}; say it under [bare]", unquoted)
        _said(kinds, dict.fromkeys(kinds, places), name)
    return UpdateWords(_said(words["lines"], LINES, "lines"), words["done"], words["bare"])


def _said(words: Any, places: Mapping[str, Iterable[str]], where: str) -> dict[str, str]:
    """Sentences that others will read: they claim nothing. Raises PlaybookError."""
    found = sentences(words, places, where)
    for name, sentence in found.items():
        claimless(sentence, f"{where}: {name}", name)
    return found


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
    known(words, ("channels",))
    return _said(words["channels"], dict.fromkeys(praise.CHANNELS, praise.PLACES), "channels")


def check_wins(words: dict[str, Any]) -> WinsWords:
    """A wins.toml as its sentences. Raises PlaybookError."""
    known(words, (*_WINS, "nothing"))
    if not isinstance(words["nothing"], str):
        raise PlaybookError("nothing must be a text", "nothing")
    tables = {
        name: sentences(words[name], dict.fromkeys(names, places), name) for name, (names, places) in _WINS.items()
    }
    return WinsWords(**tables, nothing=words["nothing"])
