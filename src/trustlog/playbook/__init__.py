"""The words as data: aliases, sentences and scripts, shipped here and added to by the user's own folder."""

import tomllib
from collections.abc import Callable
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from trustlog.domain.kinds import FACETS, KINDS
from trustlog.domain.report import ReportWords
from trustlog.domain.trust import Label


class Playbook:
    """Shipped words with the user's own over them; a mistake in the latter is told and the shipped are used."""

    def __init__(self, own: Path, warn: Callable[[str], None]) -> None:
        self._own = own
        self._warn = warn

    @cached_property
    def _kinds(self) -> dict[str, Any]:
        return self._load("kinds.toml", check_kinds)

    @property
    def aliases(self) -> dict[str, str]:
        """Short words for kinds."""
        return dict(self._kinds["aliases"])

    @property
    def usual_kinds(self) -> list[str]:
        """The kinds that a new journal's picker shows first."""
        return list(self._kinds["usual"])

    @property
    def channels(self) -> list[str]:
        """The usual ways of being in touch."""
        return list(self._kinds["channels"])

    @cached_property
    def report(self) -> ReportWords:
        """The sentences of a report."""
        words = self._load("report.toml", check_report)
        return ReportWords(words["labels"], words["questions"], words["helps"], words["reminder"])

    def _load(self, name: str, check: Callable[[dict[str, Any]], str | None]) -> dict[str, Any]:
        shipped = tomllib.loads(resources.files(__name__).joinpath(name).read_text("utf-8"))
        own = self._read_own(name)
        if own is None:
            return shipped
        merged = _merge(shipped, own)
        problem = check(merged)
        if problem is None:
            return merged
        self._refuse(name, problem, "Mend it")
        return shipped

    def _read_own(self, name: str) -> dict[str, Any] | None:
        try:
            return tomllib.loads((self._own / name).read_bytes().decode("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            self._refuse(name, str(error), "Mend it")
            return None

    def _refuse(self, name: str, problem: str, cure: str) -> None:
        self._warn(
            f"{self._own / name}: {problem}. {cure}, or move it away; the shipped words are used meanwhile."
        )


def check_kinds(words: dict[str, Any]) -> str | None:
    """What is wrong with a kinds.toml, or None."""
    aliases = words.get("aliases", {})
    if not isinstance(aliases, dict):
        return "aliases must be a table"
    for alias, kind in aliases.items():
        if kind not in KINDS:
            return f"the alias {alias!r} names {kind!r}, which is no kind"
    for name in ("usual", "channels"):
        if not isinstance(words.get(name), list) or not all(isinstance(one, str) for one in words[name]):
            return f"{name} must be a list of words"
    unknown = [kind for kind in words["usual"] if kind not in KINDS]
    return f"usual names {unknown[0]!r}, which is no kind" if unknown else None


def check_report(words: dict[str, Any]) -> str | None:
    """What is wrong with a report.toml, or None."""
    known = {"labels": get_args(Label), "questions": FACETS, "helps": FACETS}
    if set(words) != {*known, "reminder"}:
        return f"unknown name {min(set(words) - {*known, 'reminder'})!r}"
    for table, names in known.items():
        for name, sentence in words[table].items() if isinstance(words[table], dict) else [(table, None)]:
            if name not in names or not isinstance(sentence, str):
                return f"{table}: {name!r} must be one of {', '.join(names)}, with a text"
    return None if isinstance(words["reminder"], str) else "reminder must be a text"


def _merge(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Tables are joined key by key; everything else of the user's replaces ours."""
    merged = dict(shipped)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(shipped.get(key), dict)
        merged[key] = _merge(shipped[key], value) if both else value
    return merged
