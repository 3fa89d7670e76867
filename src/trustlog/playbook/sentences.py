"""Sentences of reports, short words for kinds, and the pages of the guide, checked."""

from typing import TYPE_CHECKING, get_args

from trustlog.domain.entries import FACETS, KINDS
from trustlog.playbook.files import HERE, PlaybookError, Words, is_texts, known, sentences, texts

if TYPE_CHECKING:
    from trustlog.domain.report import ReportWords


def report_words(words: Words) -> "ReportWords":
    """A report.toml as its sentences. Raises PlaybookError."""
    from trustlog.domain.report import LINES, ReportWords  # 4 ms with what they import, and `add` reads kinds here
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


TOPICS = (
    "start", "commands", "names", "kinds", "dates", "conversations", "agreements", "steps", "model", "research",
    "privacy", "data", "scripting", "settings", "playbook",
)  # fmt: skip
"""In the order in which they are listed; each is a file of the folder `guide`."""


def guide_text(topic: str) -> str:
    """The page of a topic as it is written."""
    return (HERE / "guide" / f"{topic}.md").read_text("utf-8")


def guide_title(topic: str) -> str:
    """The first line of its page."""
    return guide_text(topic).splitlines()[0].removeprefix("# ")
