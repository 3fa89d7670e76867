"""What a typed word means in this journal, or a refusal that lists what it could have meant."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from trustlog.domain import entries as entries_domain
from trustlog.domain import people as people_domain
from trustlog.domain import text
from trustlog.domain.days import echo
from trustlog.domain.entries import Entry
from trustlog.domain.people import Manager, Req
from trustlog.errors import UserError
from trustlog.store import entries, people
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from trustlog.domain.entries_doer import Synonyms


def manager(journal: Journal, who: str) -> Manager:
    """Raises UserError `unknown-manager`, `ambiguous-manager`."""
    known = people.names(journal)
    found = people_domain.fitting(who, known)
    if len(found) == 1:
        return people.manager(journal, found[0])
    if found:
        raise UserError(
            "ambiguous-manager", f'"{who}" could be {_list(found)}', "Type a little more of the one you mean."
        )
    near = alike(who, known)
    if near:
        hint = f"Did you mean {_list(near)}? A new manager: trustlog manager add"
    else:
        there = f"There are: {', '.join(handle for handle, _ in known[:8])}. " if 0 < len(known) <= 8 else ""
        hint = f'{there}A new one: trustlog manager add "{who}"'
    if not who.strip():
        raise UserError(
            "unknown-manager", "the name of the manager is empty", there.rstrip() or "See: trustlog manager list"
        )
    raise UserError("unknown-manager", f'there is no manager "{who}"', hint)


def alike(who: str, known: Sequence[tuple[str, str]]) -> list[str]:
    """The handles that look most like a word that means none of them."""
    # whole names, and their parts, because it is mostly the first name that is mistyped
    words = {
        word: handle
        for handle, name in reversed(known)
        for word in (*handle.split("-"), *people_domain.folded(name).split(), people_domain.folded(name), handle)
    }
    return list(dict.fromkeys(words[word] for word in people_domain.nearest(people_domain.folded(who), words)))


def req(journal: Journal, code: str) -> Req:
    """Raises UserError `unknown-req`."""
    exact = people.req(journal, code)
    if exact is not None:
        return exact
    known = people.codes(journal)
    begun = [one for one in known if code and one.casefold().startswith(code.casefold())]
    if len(begun) == 1 and (found := people.req(journal, begun[0])) is not None:
        return found
    near = begun or people_domain.nearest(code, known)
    hint = f"Did you mean {_list(near[:5])}?" if near else "Add it first: trustlog req add MANAGER TITLE"
    raise UserError("unknown-req", f'there is no role "{code}"', hint)


def req_of(journal: Journal, code: str | None, owner: Manager) -> int | None:
    """The id of a role of this manager. Raises UserError `unknown-req`, `conflict`."""
    if code is None:
        return None
    found = req(journal, code)
    if found.manager != owner.handle:
        raise UserError(
            "conflict", f"the role {found.code} belongs to {found.manager}", "Choose a role of this manager."
        )
    return found.id


class KindWords(NamedTuple):
    """Where words for kinds are looked up; each is read only if the one before did not have the word."""

    aliases: Callable[[], dict[str, str]]
    synonyms: "Callable[[], Synonyms]"
    reads: Callable[[str], tuple[str, ...]]


def kinds(word: str, words: KindWords) -> tuple[str, ...]:
    """The kind that a word means, or both kinds where it does not say who did it. Raises UserError `unknown-kind`."""
    exact = entries_domain.fitting_kinds(word, {})
    if len(exact) == 1 and word.replace("_", "-") == exact[0]:
        return exact
    shorts = words.aliases()
    alias = entries_domain.fitting_kinds(word, shorts)
    if len(alias) == 1:
        return alias
    from trustlog.domain import entries_doer  # 1 ms, only for a word that is no kind

    meaning = entries_doer.named(word, shorts, words.synonyms())
    if meaning.why:
        raise UserError("unknown-kind", f'"{word}" is no kind of entry', meaning.why)
    if len(meaning.kinds) == 1 or meaning.open:
        return meaning.kinds
    if meaning.kinds:
        listed = _list(meaning.kinds)
        raise UserError("unknown-kind", f'"{word}" could be {listed}', "Type a little more of the one you mean.")
    near = people_domain.nearest(word, [*entries_domain.KINDS, *shorts])
    likely = entries_doer.of_one_sign([*words.reads(word), *(shorts.get(one, one) for one in near)])
    hint = f"Did you mean {_list(likely)}?" if likely else f"There are: {', '.join(entries_domain.KINDS)}."
    raise UserError("unknown-kind", f'there is no kind "{word}"', hint)


def kind(word: str, words: KindWords) -> str:
    """The one kind that a word means where nobody can be asked. Raises UserError `unknown-kind`."""
    found = kinds(word, words)
    if len(found) > 1:
        raise who_did_it(word, found)
    return found[0]


def who_did_it(word: str, found: tuple[str, ...]) -> UserError:
    """The refusal of a word that may be mine or theirs."""
    said = [f"{kind} ({'you' if entries_domain.KINDS[kind].who == 'mine' else 'they'})" for kind in found]
    return UserError("unknown-kind", f'"{word}" does not say who did it', f"Say {_list(said)}.")


def entry(journal: Journal, entry_id: int) -> Entry:
    """Raises UserError `unknown-entry`."""
    found = entries.get(journal, entry_id) if is_number(entry_id) else None
    if found is None:
        raise UserError("unknown-entry", f"there is no entry #{entry_id}", "See the ids with: trustlog log")
    return found


_REF = re.compile(r"([#LJ]?)(-?\d+)", re.IGNORECASE)
LONGEST = 4000
"""Python reads no longer number, and there is no row of such a one."""
CALLED = {"#": "an entry", "L": "a loop", "J": "a thing in the jar"}
SHOWN_BY = {"#": "log", "L": "settle", "J": "praise --from"}


def number(typed: str, letter: str, commands: Mapping[str, str]) -> int | None:
    """The number behind the letter of a kind of thing, which may be left out; None if it is no such number.

    `commands` name what does for other kinds what is wanted here; they may hold the place {ref}. Raises UserError
    `bad-field` for the letter of another kind.
    """
    found = _REF.fullmatch(typed.strip())
    if found is None:
        return None
    there = found[1].upper()
    if there not in ("", letter):
        ref = f"{there}{found[2]}"
        command = commands.get(there, f"{SHOWN_BY[there]} {{ref}}").replace("{ref}", ref.lstrip("#"))
        raise UserError(
            "bad-field", f"{ref} is {CALLED[there]}, and this is about {CALLED[letter]}", f"Use: trustlog {command}"
        )
    return int(found[2][:LONGEST])


def is_number(typed: int) -> bool:
    """Whether a number can be that of a row: SQLite's integers end there."""
    return 0 < typed < 2**63


def checked(check: Callable[..., str], *words: str) -> str:
    """A text that `check` of domain/text.py allows. Raises UserError `bad-text`."""
    try:
        return check(*words)
    except text.BadTextError as error:
        raise UserError("bad-text", str(error), "Change the text and try again.") from error


def said(words: str, what: str, hint: str) -> str:
    """A text that is not empty, without the blanks around it. Raises UserError `bad-text`."""
    words = checked(text.checked, words, what).strip()
    if not words:
        raise UserError("bad-text", f"{what} is empty", hint)
    return words


def check_past(moment: datetime, now: datetime, hint: str) -> None:
    """Raises UserError `future-date` for what has not come yet."""
    if moment > now:
        raise UserError("future-date", f"{echo(moment)} has not come yet", hint)


def _list(words: "list[str] | tuple[str, ...] | dict[str, None]") -> str:
    *head, last = words
    return f"{', '.join(head)} or {last}" if head else last
