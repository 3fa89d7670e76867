"""Sentences of `brief`, `update`, `praise` and `wins`, checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from trustlog.domain import praise
from trustlog.domain.kinds import KINDS
from trustlog.domain.letters_brief import OPENINGS
from trustlog.domain.letters_update import LINES, UpdateWords, quotable, tellable
from trustlog.domain.praise import WinsWords
from trustlog.domain.standing import NAMES
from trustlog.domain.text import unknown_place
from trustlog.playbook.files import PlaybookError

_OF_KINDS = {"done": ("note", "day"), "bare": ("day",)}


def openings(words: Mapping[str, Any]) -> dict[str, str]:
    """The sentences of a brief.toml. Raises PlaybookError."""
    _only(words, ("openings",))
    return _letter_sentences(words["openings"], OPENINGS, "openings")


def update_words(words: Mapping[str, Any]) -> UpdateWords:
    """An update.toml. Raises PlaybookError."""
    _only(words, ("lines", *_OF_KINDS))
    for name, places in _OF_KINDS.items():
        kinds = _table(words[name], name)
        forbidden = next((kind for kind in kinds if not tellable(kind)), None)
        if forbidden is not None:
            raise PlaybookError(f"{name}: {forbidden!r} is no kind that a mail may tell of", forbidden)
        unquoted = next((kind for kind in kinds if name == "done" and not quotable(kind)), None)
        if unquoted is not None:
            raise PlaybookError(f"done: a mail does not quote the notes of {unquoted!r}; say it under [bare]", unquoted)
        _letter_sentences(kinds, dict.fromkeys(kinds, places), name)
    return UpdateWords(_letter_sentences(words["lines"], LINES, "lines"), words["done"], words["bare"])


def _letter_sentences(words: Any, known: Mapping[str, tuple[str, ...]], where: str) -> dict[str, str]:
    """A table of sentences that uses only names and places that are known."""
    for name, sentence in _table(words, where).items():
        if name not in known:
            raise PlaybookError(f"{where}: {name!r} is not known; there are {', '.join(known)}", name)
        if not isinstance(sentence, str):
            raise PlaybookError(f"{where}: {name} must be a text", name)
        wrong = unknown_place(sentence, known[name])
        if wrong is not None:
            places = ", ".join(f"{{{one}}}" for one in known[name]) or "none"
            raise PlaybookError(f"{where}: {name} has no place {{{wrong}}}; there are: {places}", f"{{{wrong}}}")
    return dict(words)


def _only(words: Mapping[str, Any], known: tuple[str, ...]) -> None:
    wrong = next((key for key in words if key not in known), None)
    if wrong is not None:
        raise PlaybookError(f"{wrong!r} is not known here; there is {', '.join(known)}", wrong)


def _table(words: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(words, dict):
        raise PlaybookError(f"{where} must be a table", where)
    return words


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
    return _praise_sentences("channels", words["channels"], praise.CHANNELS, praise.PLACES)


def check_wins(words: dict[str, Any]) -> WinsWords:
    """A wins.toml as its sentences. Raises PlaybookError."""
    _known(words, (*_WINS, "nothing"))
    if not isinstance(words["nothing"], str):
        raise PlaybookError("nothing must be a text", "nothing")
    tables = {name: _praise_sentences(name, words[name], *rule) for name, rule in _WINS.items()}
    return WinsWords(**tables, nothing=words["nothing"])


def _known(words: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = next((key for key in words if key not in allowed), None)
    if unknown is not None:
        raise PlaybookError(f"{unknown!r} is not known here; there are {', '.join(allowed)}", unknown)


def _praise_sentences(table: str, words: Any, names: Iterable[str], places: Iterable[str]) -> dict[str, str]:
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
