"""The files of the playbook, ours and the user's own over them, and the checks of every file."""

import json
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from trustlog.domain.text import places_of, unknown_place, visible


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


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


NAMES = _words(
    "name first_name first manager_first handle me recruiter team role title initials lead senior comfort_person",
    "day date today soon since due time kickoff_date confirm_by start_date confirmed_on n number version",
)
"""Places that call somebody or something by its name, day or number; what happened stands in none of them."""
_PAST = _words(
    "was were had did went came gave took made said told wrote called rang found got saw knew thought brought bought",
    "kept left lost met paid sent sold spoke spent stood taught understood won began broke chose drew fell felt forgot",
    "grew heard held hid led meant ran rose shook showed threw",
)
_PARTICIPLES = _PAST | _words(
    "been done gone given taken written known seen spoken chosen broken drawn withdrawn fallen grown shown begun",
    "become put set let read quit cut",
)
_LIKE_PRESENT = _words("cut put set let read quit")
_HELPING = _words("was were has have had wasn't weren't hasn't haven't hadn't")
_NO_PAST = _words("need feed speed proceed succeed exceed seed indeed embed hundred")
_ADVERBS = _words("since just still already also never always even then not once all both now ever only really finally")
_SUPPOSED = _words("if when whether what how where until unless suppose whatever whoever why")
_OTHERS = (
    r"you|they|he|she|we|who|one|some|every(body|one)|nobody|somebody|people|candidates?|finalists?|interviewers?|panel"
)
_HABITS = _words("always never often usually regularly constantly")
_TOLD = (
    r"\bthank(s| you)( so much| a lot)? for\b"
    r"|\bas (agreed|discussed|promised|mentioned|requested|said|asked|planned|talked|told)\b"
    r"|\bit (was|has been) (so |very |really )?(great|good|nice|lovely|wonderful|a pleasure)\b"
    r"|\b(great|good|nice|lovely) (talking|meeting|seeing|working|speaking|hearing)\b"
)
"""What thanks, reminds or praises, and so says that there was something."""
_CLAUSE = r"[.;:!,]\s|\b(?:and|but|so|because|while|before|after|which|that|as|than)\b"


def claimed(template: str) -> str | None:
    """The words of a template that claim what they, or candidates, did, without a place that says what.

    A draft says only what the journal says. A clause in the past tense about somebody else is a claim of the template,
    unless its sentence has a place or a question in [brackets] beside mere names and days, is a question itself, or
    the clause is only supposed (if, when, what …). So are thanks for something, a reminder of what was agreed, and a
    habit (you always …). What I did is mine to say. The present tense is not looked at otherwise.
    """
    for sentence in re.findall(r"[^.!?\n]+[.!?\n]?", re.sub(r"\[[^\]]*\]", "{question}", template)):
        if sentence.endswith("?") or not NAMES.issuperset(places_of(sentence)):
            continue
        if said := re.search(_TOLD, sentence, re.IGNORECASE):
            return said[0]
        for clause in re.split(_CLAUSE, sentence):
            words = re.findall(r"\{\w+\}|[\w’']+", clause)
            if _tells(words):
                return " ".join(words)
    return None


def _tells(words: Sequence[str]) -> bool:
    """Whether somebody else is the subject of a verb in the past: `{name} cut`, `your note named`."""
    low = [word.lower().replace("’", "'") for word in words]
    for place, word in enumerate(low):
        if word in _SUPPOSED:
            return False
        rest = [one for one in low[place + 1 :] if one not in _ADVERBS]
        if re.fullmatch(rf"{_OTHERS}|\{{\w+\}}", word):
            tells = _is_past(rest, alone=word.startswith("{")) or not _HABITS.isdisjoint(low[place + 1 : place + 2])
        elif word in ("your", "their", "every", "each"):
            tells = any(_is_past(rest[end:]) for end in range(1, min(6, len(rest))))
        elif word in ("the", "our"):
            tells = any(one in _HELPING and _is_past(rest[end:]) for end, one in enumerate(rest[1:5], start=1))
        else:
            tells = re.fullmatch(r"(you|they|we|he|she)'(ve|d)", word) is not None and _is_past(["have", *rest])
        if tells:
            return True
    return False


def _is_past(words: Sequence[str], *, alone: bool = False) -> bool:
    """Whether words begin with a verb in the past tense; `alone` reads `cut` and its like so."""
    first, second = (*words, "", "")[:2]
    first = first.removesuffix("n't")
    if first in ("has", "have"):
        return second in _PARTICIPLES or (second.endswith("ed") and second not in _NO_PAST)
    return first in _PAST or (alone and first in _LIKE_PRESENT) or (first.endswith("ed") and first not in _NO_PAST)


def claimless(template: str, where: str, place: str) -> None:
    """Raises PlaybookError for a template that claims what nobody wrote down; `place` is where it stands."""
    words = claimed(template)
    if words is not None:
        said = f"{where} claims “{words}”, which no journal says; put it into a {{place}} or into [brackets]"
        raise PlaybookError(said, place)


def alike(shipped: dict[str, Any], words: dict[str, Any], where: str = "") -> dict[str, Any]:
    """Words of the same shape as the shipped ones; labels may be added. Raises PlaybookError."""
    if where != "labels":
        known(words, shipped, where)
    for name, value in words.items():
        place = f"{where}.{name}" if where else name
        if type(value) is not type(shipped.get(name, "")):
            raise PlaybookError(f"{place}: it has not the shape of the shipped one", name)
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise PlaybookError(f"{place} must be a list of texts", name)
        if isinstance(value, dict):
            alike(shipped[name], value, place)
    return words


def letter(shipped: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """Words of the same shape, of which the table `email`, else all, claims nothing. Raises PlaybookError."""
    alike(shipped, words)
    for name, text in _texts_in(words.get("email", words)):
        claimless(text, name, name)
    return words


def _texts_in(words: Any, name: str = "") -> Iterable[tuple[str, str]]:
    """Every text of a table, with the key under which it stands."""
    if isinstance(words, str):
        yield name, words
    else:
        for key, part in words.items() if isinstance(words, dict) else ((name, part) for part in words):
            yield from _texts_in(part, key)


Words = dict[str, Any]
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
