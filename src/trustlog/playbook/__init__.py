"""The words as data: aliases, sentences and scripts, shipped here and added to by the user's own folder."""

import tomllib
from collections.abc import Callable
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, get_args

from trustlog.domain.kinds import FACETS, KINDS
from trustlog.domain.reading import Label
from trustlog.domain.report import ReportWords
from trustlog.domain.script import Script
from trustlog.domain.text import visible
from trustlog.playbook import reading
from trustlog.playbook.reading import PlaybookError

Words = dict[str, Any]
T = TypeVar("T")


class Playbook:
    """Shipped words with the user's own over them; a mistake in the latter is told and the shipped are used."""

    def __init__(self, own: Path, warn: Callable[[str], None]) -> None:
        self._own = own
        self._warn = warn

    @cached_property
    def _kinds(self) -> Words:
        return self._load("kinds.toml", _merge, check_kinds)

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
        return self._load("report.toml", _merge, check_report)

    @property
    def demo(self) -> Words:
        """The story of `trustlog demo`; ours alone."""
        return tomllib.loads(resources.files(__name__).joinpath("demo.toml").read_text("utf-8"))

    @cached_property
    def boundary(self) -> Words:
        """The boundary questions and what is said at each level; ours alone, because the words must stay safe."""
        return tomllib.loads(resources.files(__name__).joinpath("boundary.toml").read_text("utf-8"))

    def script(self, name: str) -> Script:
        """A guided conversation."""
        return self._load(f"scripts/{name}.toml", reading.joined, lambda words: reading.script(name, words))

    def _load(self, name: str, join: Callable[[Words, Words], Words], make: Callable[[Words], T]) -> T:
        shipped = tomllib.loads(resources.files(__name__).joinpath(name).read_text("utf-8"))
        try:
            text = (self._own / name).read_bytes().decode("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return make(shipped)
        except (OSError, UnicodeDecodeError) as error:
            self._refuse(name, "", str(error), "")
            return make(shipped)
        try:
            return make(join(shipped, _safe(tomllib.loads(text))))
        except PlaybookError as error:
            self._refuse(name, text, str(error), error.place)
        except tomllib.TOMLDecodeError as error:
            self._refuse(name, text, str(error), "")
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
            # a shape that no check names; what a person wrote there must not stop the program
            self._refuse(name, text, "something in it has not the shape of the shipped file", "")
        return make(shipped)

    def _refuse(self, name: str, text: str, problem: str, place: str) -> None:
        line = _line_of(text, place)
        where = f"{self._own / name}, line {line}" if line else str(self._own / name)
        self._warn(f"{where}: {problem}. Mend it or move it away; the shipped words are used meanwhile.")


def _line_of(text: str, place: str) -> int:
    """The line on which a word first stands, in either kind of quotes or bare; 0 if it does not."""
    for written in (f'"{place}"', f"'{place}'", place):
        if place and written in text:
            return text[: text.index(written)].count("\n") + 1
    return 0


def _safe(words: Any) -> Any:
    """A user's words without anything that a terminal would obey."""
    if isinstance(words, str):
        return visible(words)
    if isinstance(words, list):
        return [_safe(one) for one in words]
    return {_safe(key): _safe(value) for key, value in words.items()} if isinstance(words, dict) else words


def check_kinds(words: Words) -> Words:
    """A kinds.toml as it is. Raises PlaybookError."""
    unknown = next((key for key in words if key not in ("aliases", "usual", "channels")), None)
    if unknown is not None:
        raise PlaybookError(f"{unknown!r} is not known here; there are aliases, usual and channels", unknown)
    aliases = words.get("aliases", {})
    if not isinstance(aliases, dict):
        raise PlaybookError("aliases must be a table", "aliases")
    for alias, kind in aliases.items():
        if kind not in KINDS:
            raise PlaybookError(f"the alias {alias!r} names {kind!r}, which is no kind", alias)
    for name in ("usual", "channels"):
        if not isinstance(words.get(name), list) or not all(isinstance(one, str) for one in words[name]):
            raise PlaybookError(f"{name} must be a list of words", name)
    for kind in words["usual"]:
        if kind not in KINDS:
            raise PlaybookError(f"usual names {kind!r}, which is no kind", kind)
    return words


def check_report(words: Words) -> ReportWords:
    """A report.toml as its sentences. Raises PlaybookError."""
    tables = {"labels": get_args(Label), "questions": FACETS, "helps": FACETS}
    for key, value in words.items():
        if key == "reminder" and isinstance(value, str):
            continue
        if key not in tables or not isinstance(value, dict):
            raise PlaybookError(f"{key!r} is not known here; there are {', '.join(tables)} and reminder", key)
        for name, sentence in value.items():
            if name not in tables[key] or not isinstance(sentence, str):
                raise PlaybookError(f"{key}: {name!r} must be one of {', '.join(tables[key])}, with a text", name)
    return ReportWords(words["labels"], words["questions"], words["helps"], words["reminder"])


def _merge(shipped: Words, own: Words) -> Words:
    """Tables are joined key by key; everything else of the user's replaces ours."""
    merged = dict(shipped)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(shipped.get(key), dict)
        merged[key] = _merge(shipped[key], value) if both else value
    return merged
