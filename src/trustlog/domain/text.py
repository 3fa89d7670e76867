"""What may stand in a text, how it is shown safely, and templates with places."""

import re
from collections.abc import Iterable, Mapping, Sequence

# C1 controls, DEL, and the marks that reorder what is read
_HIDDEN = "\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069"
_UNSAFE = f"[\x00-\x08\x0b-\x1f{_HIDDEN}]"  # tab and newline are fine
_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
LINE_LIMIT = 200
"""Characters of the longest text that stands on one line."""
MAX_TEXT = 1_048_576
"""The longest note, in bytes of UTF-8."""


class BadTextError(ValueError):
    """A text that cannot be kept as it is; its message says why."""


class BadAnswerError(ValueError):
    """An answer that its field does not take; the message says what it takes."""


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON. Raises BadAnswerError for a name that stands twice: which one is meant is not known."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadAnswerError(f"{ascii(twice)[1:-1][:60]} stands twice")
    return found


def checked(text: str, what: str = "the note") -> str:
    """The text, unchanged. Raises BadTextError for NUL, broken UTF-8 and more than 1 MB."""
    if "\x00" in text:
        raise BadTextError(f"{what} holds a NUL character")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise BadTextError(f"{what} is not valid UTF-8") from error
    if size > MAX_TEXT:
        raise BadTextError(f"{what} is {size:,} bytes long; the limit is {MAX_TEXT:,}")
    return text


def line(text: str, what: str) -> str:
    """One line without surrounding blanks. Raises BadTextError if it is empty, long, or holds control characters."""
    text = checked(text, what).strip()
    if not text:
        raise BadTextError(f"{what} is empty")
    if not text.isprintable() and re.search(_CONTROL, text):
        raise BadTextError(f"{what} must be one line without control characters")
    if len(text) > LINE_LIMIT:
        raise BadTextError(f"{what} is {len(text)} characters long; the limit is {LINE_LIMIT}")
    return text


def tag(text: str) -> str:
    """A tag: one line without commas, because lists of tags are written with them."""
    text = line(text, "a tag")
    if "," in text:
        raise BadTextError("a tag holds a comma; give --tag once for each")
    return text


def visible(text: str) -> str:
    """The text for a terminal: control, escape and reordering characters as visible escapes."""
    # most texts are printable as they are, and a pattern that is not needed is not compiled
    return text if text.isprintable() else re.sub(_UNSAFE, lambda hit: _escape(hit[0]), text)


def visible_json(document: str) -> str:
    """A JSON document for a terminal: in its strings, the only place they stand in, such characters as JSON escapes."""
    # a serializer has escaped C0 already
    return document if document.isprintable() else re.sub(f"[{_HIDDEN}]", lambda hit: f"\\u{ord(hit[0]):04x}", document)


def one_line(text: str) -> str:
    """The text on one line, safely."""
    if text.isprintable():
        return text.strip()
    return visible(" / ".join(part.strip() for part in text.splitlines() if part.strip()))


_OTHERS = "he|she|they|him|her|them|his|hers|their|theirs|himself|herself|themselves"
_OWN_OR_DENIED = "i|me|my|mine|myself|no|not|never|none|nothing|nobody|cannot"


def about_others(text: str) -> str | None:
    """The first word that speaks of somebody as he, she or they; where that is the reader, it is no word to send."""
    hit = re.search(rf"\b(?:{_OTHERS})\b", text, re.IGNORECASE)
    return hit[0] if hit else None


def sendable(text: str) -> bool:
    """Whether a note may reach its reader as it is: it speaks of nobody by a pronoun, and denies nothing."""
    private = rf"\b(?:{_OWN_OR_DENIED})\b|n['’]t\b|\b(?:do|does|did|is|was|have|has|had|ca|wo|could|would)nt\b"
    return about_others(text) is None and re.search(private, text, re.IGNORECASE) is None


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 entry`, `1,200 entries`: a number of things; more than one are called by the noun with an s unless told."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def spelled(count: int) -> str:
    """A number as it is said: `three`, from 13 on in digits."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def times(count: int) -> str:
    """`once`, `twice`, `three times`, `17 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{spelled(count)} times")


def capitalized(words: str) -> str:
    """Words as a sentence begins; only their first letter is another."""
    return f"{words[:1].upper()}{words[1:]}"


def few(names: Sequence[str], most: int) -> str:
    """The first of many names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


_PLACE = re.compile(r"\{(\w+)\}")


def filled(template: str, places: Mapping[str, str]) -> str:
    """The template with its places filled; a place that nothing fills stays as it is written."""
    return _PLACE.sub(lambda hit: places.get(hit[1], hit[0]), template)


def filled_or_marked(
    template: str, places: Mapping[str, str], blanks: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """The template with its places filled, and the names of those that are not known.

    They stay marked in the text, like `[the new date]`; `blanks` says what each is called.
    """
    unknown = tuple(dict.fromkeys(name for name in places_of(template) if not places.get(name)))
    marks = {name: f"[{blanks.get(name, name.replace('_', ' '))}]" for name in unknown}
    return filled(template, {**places, **marks}), unknown


_BRACKETS, _MARKS = "[]", "\ufdd0\ufdd1"  # no text of anybody holds these two marks
_QUESTION = "\ufdd0([^\ufdd0\ufdd1]*)\ufdd1"


def marked(template: str) -> str:
    """A template whose [brackets] are told from those that a filled place may hold, until `unmarked`."""
    return template.translate(str.maketrans(_BRACKETS, _MARKS))


def unmarked(text: str) -> str:
    """The text with its brackets as they are read."""
    return text.translate(str.maketrans(_MARKS, _BRACKETS))


def questions(text: str) -> tuple[str, ...]:
    """What a marked text leaves open, in its order, each once."""
    return tuple(dict.fromkeys(re.findall(_QUESTION, text)))


def answered(text: str, answers: Mapping[str, str]) -> str:
    """The marked text with what was said of its questions; what is empty stays open."""
    return re.sub(_QUESTION, lambda hit: answers.get(hit[1]) or hit[0], text)


def places_of(template: str) -> list[str]:
    """The names of a template's places, in their order."""
    return _PLACE.findall(template)


def unknown_place(template: str, allowed: Iterable[str]) -> str | None:
    """The first place that nothing would fill."""
    known = frozenset(allowed)
    return next((name for name in places_of(template) if name not in known), None)


def listed_value(value: object) -> str:
    """A field of an agreement in words: a list with commas, and what holds nothing as such."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "nothing")


def answer_line(name: str, value: object) -> str:
    """An answer that is one line of text. Raises BadAnswerError."""
    if not isinstance(value, str):
        raise BadAnswerError(f"{name} takes a text")
    try:
        return line(value, name)
    except BadTextError as error:
        raise BadAnswerError(str(error)) from error
