"""The files of the playbook, ours and the user's own over them, and the checks of every file."""

import json
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from trustlog.domain.text import unknown_place, visible

Words = dict[str, Any]


class PlaybookError(ValueError):
    """What is wrong with a file of the playbook; `place` is a text to look for in it."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem)
        self.place = place


def blocks(words: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The [[name]] blocks. Raises PlaybookError for another shape."""
    blocks = words.get(name, [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise PlaybookError(f"{name} must be written as [[{name}]] blocks", name)
    return blocks


def known(words: Mapping[str, Any], allowed: Iterable[str], where: str = "") -> None:
    """Raises PlaybookError for a key that means nothing in a file, or at a place in it."""
    unknown = next((key for key in words if key not in allowed), None)
    if unknown is not None:
        said = f"{where}: {unknown!r} is not known" if where else f"{unknown!r} is not known here"
        raise PlaybookError(f"{said}; there are {', '.join(allowed)}", unknown)


def is_texts(words: Any) -> bool:
    """Whether it is a list of texts."""
    return isinstance(words, list) and all(isinstance(word, str) for word in words)


def joined_blocks(shipped: Sequence[Words], own: Words, name: str, *, by_key: bool = False) -> list[Words]:
    """Our [[name]] blocks with the user's: one with an id of ours replaces it, or only its keys; others join. Raises
    PlaybookError.
    """
    given = blocks(own, name)
    once([block.get("id") for block in given], "id")
    mine = {block.get("id"): block for block in given}
    return [(block if by_key else {}) | mine.pop(block["id"], block) for block in shipped] + list(mine.values())


def once(names: Sequence[Any], what: str) -> None:
    """Raises PlaybookError for a name that stands twice."""
    twice = next((str(name) for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PlaybookError(f"the {what} {twice!r} stands twice", twice)


def texts(words: Any, name: str) -> dict[str, str]:
    """A table of texts. Raises PlaybookError for another shape."""
    if not isinstance(words, dict):
        raise PlaybookError(f"{name} must be a table of texts", name)
    odd = next((key for key, text in words.items() if not isinstance(text, str)), None)
    if odd is not None:
        raise PlaybookError(f"{name}: {odd} must be a text", odd)
    return words


def sentences(words: Any, places: Mapping[str, Iterable[str]], where: str) -> dict[str, str]:
    """A table of sentences that are known, each with the places that can be filled in it. Raises PlaybookError."""
    found = texts(words, where)
    known(found, places, where)
    for name, sentence in found.items():
        fitting(sentence, places[name], f"{where}: {name}")
    return found


def fitting(sentence: str, places: Iterable[str], where: str) -> None:
    """Raises PlaybookError for a place in a sentence that nothing fills."""
    odd = unknown_place(sentence, places)
    if odd is not None:
        there = ", ".join(f"{{{place}}}" for place in places) or "none"
        raise PlaybookError(f"{where} has no place {{{odd}}}; there are: {there}", f"{{{odd}}}")


def alike(shipped: dict[str, Any], words: dict[str, Any], where: str = "") -> dict[str, Any]:
    """Words of the same shape as the shipped ones; labels may be added. Raises PlaybookError."""
    if where != "labels":
        known(words, shipped, where)
    for name, value in words.items():
        place = f"{where}.{name}" if where else name
        if type(value) is not type(shipped.get(name, "")):
            raise PlaybookError(f"{place}: it has not the shape of the shipped one", name)
        if isinstance(value, list) and not is_texts(value):
            raise PlaybookError(f"{place} must be a list of texts", name)
        if isinstance(value, dict):
            alike(shipped[name], value, place)
    return words


T = TypeVar("T")
_DECODER = json.JSONDecoder()

# not importlib.resources, which costs 4 ms: an installed package is a folder
HERE = Path(__file__).parent


def shipped(name: str) -> Words:
    """A file of ours."""
    text = (HERE / name).read_text("utf-8")
    try:
        return _plain(text)
    except ValueError:
        import tomllib  # with its patterns 2 ms, and 5 more for a file like steps.toml

        return tomllib.loads(text)


def _plain(text: str) -> Words:
    """The part of TOML that most files of ours are in: tables, values as in JSON, lists with an item on each indented
    line, and texts of many lines between '''. Raises ValueError for more than that.
    """
    words: Words = {}
    table, key = words, ""
    for at, piece in enumerate(text.split("'''\n")):
        if at % 2:
            table[key] = piece
            continue
        for line in piece.replace("\n  ", " ").replace(",\n]", "]").split("\n"):
            if line[:1] == "[":
                table = _table(line, words)
            elif line and line[0] != "#":
                key, _, value = line.partition(" = ")
                if '"' in key or "." in key:
                    raise ValueError(line)
                if value:
                    table[key] = _DECODER.decode(value)
    return words


def _table(head: str, words: Words) -> Words:
    """The new table of a line like [name] or [[name]]."""
    name = head.strip("[]")
    table: Words = {}
    if not name.isidentifier():
        raise ValueError(head)
    if head[1] == "[":
        words.setdefault(name, []).append(table)
    else:
        words[name] = table
    return table


class Files:
    """Shipped words with the user's own over them; a mistake in the latter is told and the shipped are used."""

    def __init__(self, own: Path, warn: Callable[[str], None]) -> None:
        self._own = own
        self._warn = warn
        self.asked: set[str] = set()
        """The names of the files that were asked for."""

    def load(self, name: str, join: Callable[[Words, Words], Words], make: Callable[[Words], T]) -> T:
        """What `make` makes of a file, with the user's own joined to it."""
        self.asked.add(name)
        ours = shipped(name)
        path = self._own / name
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe would keep us waiting, a device without end
                raise OSError("it is no regular file")
            text = path.read_bytes().decode("utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            return make(ours)
        except (OSError, UnicodeDecodeError) as error:
            self._refuse(name, "", str(error), "")
            return make(ours)
        import tomllib  # only with a file of the user's

        try:
            return make(join(ours, _safe(tomllib.loads(text))))
        except PlaybookError as error:
            self._refuse(name, text, str(error), error.place)
        except tomllib.TOMLDecodeError as error:
            self._refuse(name, text, str(error), "")
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
            # a shape that no check names; what a person wrote there must not stop the program
            self._refuse(name, text, "something in it has not the shape of the shipped file", "")
        return make(ours)

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
        return [_safe(word) for word in words]
    return {_safe(key): _safe(value) for key, value in words.items()} if isinstance(words, dict) else words


def merge(shipped: Words, own: Words) -> Words:
    """Tables are joined key by key; everything else of the user's replaces ours."""
    merged = dict(shipped)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(shipped.get(key), dict)
        merged[key] = merge(shipped[key], value) if both else value
    return merged
