"""`brief.toml` and `update.toml` as checked sentences; what is wrong is said in a sentence."""

from collections.abc import Mapping
from typing import Any

from trustlog.domain.coaching.briefing import OPENINGS
from trustlog.domain.coaching.updating import LINES, UpdateWords, quotable, tellable
from trustlog.domain.filling import unknown_place
from trustlog.playbook.checks import PlaybookError

_OF_KINDS = {"done": ("note", "day"), "bare": ("day",)}


def openings(words: Mapping[str, Any]) -> dict[str, str]:
    """The sentences of a brief.toml. Raises PlaybookError."""
    _only(words, ("openings",))
    return _sentences(words["openings"], OPENINGS, "openings")


def update(words: Mapping[str, Any]) -> UpdateWords:
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
        _sentences(kinds, dict.fromkeys(kinds, places), name)
    return UpdateWords(_sentences(words["lines"], LINES, "lines"), words["done"], words["bare"])


def _sentences(words: Any, known: Mapping[str, tuple[str, ...]], where: str) -> dict[str, str]:
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
