"""Entries by their words: an index of words, and for scripts that set no blanks between them, a look into the texts."""

import re
from collections.abc import Iterator
from typing import Any

from trustlog.domain.entries import Entry, Filter
from trustlog.store.entries import COLUMNS, FROM, MOST, entry_of, where_of
from trustlog.store.journal import Journal

_WORD = re.compile(r"\w")
_SIGN = "\u2190-\u2bff\U0001f000-\U0001faff"
"""Emoji and their like, as a class: the index of words knows none of them."""
_AROUND = re.compile(rf"^[^\w{_SIGN}]+|[^\w{_SIGN}]+$")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uffdc\U00020000-\U0003fffd"
)
"""Scripts that set no blanks between words, as a class of letters; the index `entries_unspaced` is of the same."""
_TEXT = "e.note || coalesce(e.did, '') || coalesce(e.changed, '')"
_HOLDING_UNSPACED = f"SELECT e.id FROM entries e WHERE {_TEXT} GLOB '*[^ -~]*' AND {_TEXT} GLOB '*[{_UNSPACED}]*'"


def search(journal: Journal, query: str, wanted: Filter, marks: tuple[str, str]) -> list[tuple[Entry, str]]:
    """The entries whose words fit the query, newest first, each with its text and the hits between marks.

    Every word must occur, in any form of it; punctuation means nothing.
    """
    typed = [word for word in (_AROUND.sub("", word) for word in query.split()) if word]
    if not typed:
        return []
    where, bound = where_of(wanted)
    limit = "" if wanted.limit is None else f" LIMIT {min(wanted.limit, MOST)}"
    found: list[tuple[Entry, str]] = []
    if all(_WORD.search(word) for word in typed):
        # each word quoted, so that nothing a person types is an operator
        words = " ".join(_quoted(word) for word in query.split())
        narrowed = where.replace("WHERE", "AND", 1)
        rows = journal.rows(
            f"SELECT {COLUMNS}, highlight(entries_fts, 0, ?, ?) AS in_note, highlight(entries_fts, 1, ?, ?) AS in_did,"
            f" highlight(entries_fts, 2, ?, ?) AS in_changed {FROM} JOIN entries_fts ON entries_fts.rowid = e.id"
            f" WHERE entries_fts MATCH ? {narrowed} ORDER BY e.happened_at DESC, e.id DESC{limit}",
            (*marks, *marks, *marks, words, *bound),
        )
        texts = [filter(None, (row["in_note"], row["in_did"], row["in_changed"])) for row in rows]
        found = [(entry_of(row), "\n".join(parts)) for row, parts in zip(rows, texts, strict=True)]
    there = {entry.id for entry, _ in found}
    more = [one for one in _within_words(journal, typed, where, bound, marks) if one[0].id not in there]
    if not more:
        return found
    found = sorted(found + more, key=lambda one: (one[0].happened_at, one[0].id), reverse=True)
    return found if wanted.limit is None else found[: wanted.limit]


def _within_words(
    journal: Journal, words: list[str], where: str, bound: list[Any], marks: tuple[str, str]
) -> Iterator[tuple[Entry, str]]:
    """The entries that hold every word of the query as it is typed, where words are not set apart by blanks.

    Emoji are no words to the index of words, so for them every entry is looked at.
    """
    tests = [f"instr(lower({_TEXT}), ?) > 0"] * len(words)
    if all(_WORD.search(word) for word in words):
        tests.insert(0, f"e.id IN ({_HOLDING_UNSPACED})")
    narrowed = f"{where} AND" if where else "WHERE"
    rows = journal.rows(
        f"SELECT {COLUMNS} {FROM} {narrowed} {' AND '.join(tests)} ORDER BY e.happened_at DESC, e.id DESC",
        (*bound, *map(_lower, words)),
    )
    patterns = [re.compile(_alone(word), re.IGNORECASE) for word in words]
    for row in rows:
        entry = entry_of(row)
        text = "\n".join(part for part in (entry.note, entry.did, entry.changed) if part)
        if all(pattern.search(text) for pattern in patterns):
            hits = "|".join(pattern.pattern for pattern in patterns)
            yield entry, re.sub(hits, lambda hit: f"{marks[0]}{hit[0]}{marks[1]}", text, flags=re.IGNORECASE)


def _lower(word: str) -> str:
    """As SQLite's own `lower` does it, which knows ASCII alone; the pattern that follows knows the rest."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in word)


def _alone(word: str) -> str:
    """A word as a pattern: in a script with blanks it is no part of a longer word of such a script."""
    letter = f"[^\\W{_UNSPACED}]"
    before = f"(?<!{letter})" if re.match(letter, word) else ""
    after = f"(?!{letter})" if re.search(f"{letter}\\Z", word) else ""
    return f"{before}{re.escape(word)}{after}"


def _quoted(word: str) -> str:
    """A word as FTS reads it; scripts that are written without spaces are searched by their beginning."""
    quoted = '"' + word.replace('"', '""') + '"'
    return f"{quoted}*" if any(letter > "\u2e80" for letter in word) else quoted
