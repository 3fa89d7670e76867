"""How kinds are read from words, and what recruiters call them: a user's own are checked and added to ours."""

from typing import Any

from trustlog.domain.entries import KINDS
from trustlog.domain.entries_doer import Synonyms
from trustlog.domain.entries_reading import ROLES
from trustlog.playbook.files import PlaybookError, Words, is_texts, known

_TABLES = ("words", "classes", *ROLES, "learnt")
_LISTS = ("spelling", "ordinary", "slips")
_WHOSE = {"i": ("mine", "joint"), "they": ("theirs", "joint"), "me": ("theirs",), "any": ("mine", "theirs", "joint")}


def joined(ours: Words, own: Words) -> Words:
    """A user's own lines after ours; a phrase of theirs is taken out of every other kind. Raises PlaybookError."""
    check(own, {*ours["classes"], *own.get("classes", {}), "num"})
    taken = {line for role in ROLES for text in own.get(role, {}).values() for line in _lines(text)}
    both: Words = {}
    for name, texts in ours.items():
        kept = texts
        if name in ROLES and taken:
            kept = {
                key: "".join(f"{line}\n" for line in _lines(text) if line not in taken) for key, text in texts.items()
            }
        both[name] = kept | {
            key: kept.get(key, "") + "".join(f"{line}\n" for line in _lines(text))
            for key, text in own.get(name, {}).items()
        }
    return both


def check(own: Words, classes: set[str]) -> None:
    """Raises PlaybookError for what means nothing in a user's readings.toml."""
    known(own, _TABLES, "readings")
    for name, texts in own.items():
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise PlaybookError(f"{name} must be a table of texts, a line for each phrase", f"[{name}]")
    known(own.get("words", {}), _LISTS, "words")
    for line in _lines(own.get("words", {}).get("spelling", "")):
        if " " not in line:
            raise PlaybookError(f"the spelling {line!r} has no second word: what it stands for", line)
    for role in ROLES:
        for kind, text in own.get(role, {}).items():
            _check_kind(role, kind)
            for line in _lines(text):
                _check_phrase(line, classes)


def _check_kind(role: str, kind: str) -> None:
    if kind not in KINDS:
        raise PlaybookError(f"[{role}] names {kind!r}, which is no kind", kind)
    if KINDS[kind].who not in _WHOSE[role] and kind != "note":
        right = " or ".join(f"[{one}]" for one in ROLES if KINDS[kind].who in _WHOSE[one])
        raise PlaybookError(f"{kind} cannot stand under [{role}]; it belongs under {right}", kind)


def _check_phrase(line: str, classes: set[str]) -> None:
    steps = line.removesuffix(" ~").split(" ")
    if line != line.casefold():
        raise PlaybookError(f"the phrase {line!r} has a capital letter; words are read in small letters", line)
    if ".." in (steps[0], steps[-1]) or ("<>" in steps and steps.index("<>") != 1) or steps[-1] == "<>":
        raise PlaybookError(f"in the phrase {line!r} .. and <> stand between two words", line)
    for word in line.removesuffix(" ~").replace("_", " ").replace("|", " ").split(" "):
        if word.startswith("@") and word[1:] not in classes:
            raise PlaybookError(f"the phrase {line!r} names the class {word}, which is not known", line)
        if not word or "*" in word[:-1] or word == "*":
            raise PlaybookError(
                f"the phrase {line!r} cannot be read: a word is missing, or a * stands within one", line
            )


def _lines(text: str) -> list[str]:
    """The lines of a text without empty ones and without blanks around."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


_MEANINGS = ("kinds", "open", "none", "say")


def synonyms(words: Words) -> Synonyms:
    """Raises PlaybookError."""
    known(words, _MEANINGS, "synonyms")
    for name in _MEANINGS:
        if not isinstance(words.get(name, {}), dict):
            raise PlaybookError(f"{name} must be a table", f"[{name}]")
    kinds = {word: kind for kind, listed in words["kinds"].items() for word in _listed(kind, listed)}
    wrong = next((kind for kind in words["kinds"] if kind not in KINDS), None)
    if wrong is not None:
        raise PlaybookError(f"[kinds] names {wrong!r}, which is no kind", wrong)
    either = {word: tuple(_listed(word, listed)) for word, listed in words["open"].items()}
    for word, choices in either.items():
        wrong = next((kind for kind in choices if kind not in KINDS), None)
        if wrong is not None or len(choices) < 2:
            problem = f"names {wrong!r}, which is no kind" if wrong is not None else "needs two kinds to choose from"
            raise PlaybookError(f"[open] {word}: it {problem}", word)
    sentences = words["say"]
    for name in words["none"]:
        if not isinstance(sentences.get(name), str):
            raise PlaybookError(f"[say] has no sentence for {name!r}", name)
    none = {word: sentences[name] for name, listed in words["none"].items() for word in _listed(name, listed)}
    return Synonyms(kinds, either, none)


def joined_synonyms(shipped: Words, own: Words) -> Words:
    """A user's own words added to ours; a word of theirs means what they say, and nothing of ours."""
    listed = [(key, words) for name in ("kinds", "none") for key, words in own.get(name, {}).items()]
    taken = {word for key, words in listed for word in _listed(key, words)}
    taken |= set(own.get("open", {}))
    both: Words = {**shipped, **{name: table for name, table in own.items() if name not in _MEANINGS}}
    for name in ("kinds", "none"):
        ours = {key: [word for word in listed if word not in taken] for key, listed in shipped[name].items()}
        both[name] = ours | {key: [*ours.get(key, []), *listed] for key, listed in own.get(name, {}).items()}
    both["open"] = {word: kinds for word, kinds in shipped["open"].items() if word not in taken} | own.get("open", {})
    both["say"] = shipped["say"] | own.get("say", {})
    return both


def _listed(name: str, listed: Any) -> list[str]:
    if not is_texts(listed):
        raise PlaybookError(f"{name} must be a list of words", name)
    return list(listed)
