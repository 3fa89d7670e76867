"""Short words for kinds, and the sentences of reports, mails, praise and what went well, checked.

Commands read one of them, `add` the kinds: each function imports what its own file is checked against.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from trustlog.domain.entries import FACETS, KINDS
from trustlog.playbook.files import PlaybookError, Words, is_texts, known, sentences, texts

if TYPE_CHECKING:
    from trustlog.domain.letters_update import UpdateWords
    from trustlog.domain.praise import WinsWords
    from trustlog.domain.report import ReportWords


def kind_words(words: Words) -> Words:
    """A kinds.toml as it is. Raises PlaybookError."""
    known(words, ("aliases", "usual", "channels"))
    aliases = words.get("aliases", {})
    if not isinstance(aliases, dict):
        raise PlaybookError("aliases must be a table", "aliases")
    for alias, kind in aliases.items():
        if kind not in KINDS:
            raise PlaybookError(f"the alias {alias!r} names {kind!r}, which is no kind", alias)
    for name in ("usual", "channels"):
        if not is_texts(words.get(name)):
            raise PlaybookError(f"{name} must be a list of words", name)
    for kind in words["usual"]:
        if kind not in KINDS:
            raise PlaybookError(f"usual names {kind!r}, which is no kind", kind)
    return words


def report_words(words: Words) -> "ReportWords":
    """A report.toml as its sentences. Raises PlaybookError."""
    from trustlog.domain.report import LINES, ReportWords
    from trustlog.domain.standing import Label

    tables = {"labels": get_args(Label), "questions": FACETS, "helps": FACETS}
    known(words, (*tables, "lines", "reminder", "limits"))
    for name, allowed in tables.items():
        known(texts(words[name], name), allowed, name)
    texts({name: words[name] for name in ("reminder", "limits")}, "report.toml")
    return ReportWords(
        words["labels"], words["questions"], words["helps"], sentences(words["lines"], LINES, "lines"),
        words["reminder"], words["limits"],
    )  # fmt: skip


_OF_KINDS = {"done": ("note", "day"), "bare": ("day",)}


def openings(words: Mapping[str, Any]) -> dict[str, str]:
    """The sentences of a brief.toml. Raises PlaybookError."""
    from trustlog.domain.letters_brief import OPENINGS

    known(words, ("openings",))
    return sentences(words["openings"], OPENINGS, "openings")


def update_words(words: Mapping[str, Any]) -> "UpdateWords":
    """An update.toml. Raises PlaybookError."""
    from trustlog.domain.letters_update import LINES, UpdateWords, quotable, tellable

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
    from trustlog.playbook.claims import claimless

    found = sentences(words, places, where)
    for name, sentence in found.items():
        claimless(sentence, f"{where}: {name}", name)
    return found


def check_praise(words: dict[str, Any]) -> dict[str, str]:
    """A praise.toml as a template for each channel. Raises PlaybookError."""
    from trustlog.domain import praise

    known(words, ("channels",))
    return _said(words["channels"], dict.fromkeys(praise.CHANNELS, praise.PLACES), "channels")


def check_wins(words: dict[str, Any]) -> "WinsWords":
    """A wins.toml as its sentences. Raises PlaybookError."""
    from trustlog.domain.praise import WinsWords
    from trustlog.domain.standing import NAMES

    good = [name for name, kind in KINDS.items() if kind.sign == "+"]
    # what may stand in each table, and the places of its sentences
    wins = {
        "once": (good, ()),
        "often": (good, ("count", "times")),
        "milestones": (NAMES, ("name",)),
        "headings": (("mine", "milestones", "theirs", "together", "steps"), ()),
    }
    known(words, (*wins, "nothing"))
    if not isinstance(words["nothing"], str):
        raise PlaybookError("nothing must be a text", "nothing")
    tables = {
        name: sentences(words[name], dict.fromkeys(names, places), name) for name, (names, places) in wins.items()
    }
    return WinsWords(**tables, nothing=words["nothing"])
