"""Things noticed, the sentence of praise, and what went well."""

from collections.abc import Iterable
from typing import Any

from trustlog.domain.days import echo_day
from trustlog.domain.praise import Noticed, PraiseSentence, Times, Wins, WinsWords
from trustlog.domain.text import filled, one_line, visible
from trustlog.ui.text import Look, cells, flowing
from trustlog.view import entries, picked


def noticed_data(noticed: Noticed) -> dict[str, Any]:
    return picked(noticed, "id ref uid manager on seen") | {"thanked": noticed.entry is not None}


def sentence_data(praise: PraiseSentence) -> dict[str, Any]:
    """The entry, or null for a draft, with the sentence as it would be sent."""
    entry = entries.entry_data(praise.entry) if praise.entry is not None else None
    return {"entry": entry, "sentence": praise.sentence, "channel": praise.channel}


def noticed(thing: Noticed, look: Look) -> str:
    """`In the jar  J3  Dana Ortiz · Thu 19 Nov 2026 · four scorecards before lunch`."""
    return f"In the jar  {_line(thing, look)}"


def dropped(gone: list[Noticed], look: Look) -> str:
    return "\n".join(f"Out of the jar  {_line(thing, look)}" for thing in gone)


def jar(listed: list[Noticed], look: Look) -> str:
    """One thing a line, the oldest first; on a narrow terminal what was seen stands under it."""
    return "\n".join(_line(thing, look) for thing in listed)


def sentence(praise: PraiseSentence, look: Look) -> str:
    """The sentence alone: broken into lines where a person reads it, whole where it is passed on."""
    shown = visible(praise.sentence)
    if not look.terminal:
        return shown
    return flowing(shown, min(look.width, 78))


def _line(noticed: Noticed, look: Look) -> str:
    head = f"{look.paint(noticed.ref, 'accent')}  {visible(noticed.manager_name)} · {echo_day(noticed.on)}"
    seen = one_line(noticed.seen)
    room = look.width - cells(f"Out of the jar  {noticed.ref}  {noticed.manager_name} · {echo_day(noticed.on)} · ")
    if cells(seen) <= room or not look.terminal:
        return f"{head} · {seen}"
    return f"{head}\n{flowing(seen, min(look.width, 78), '    ')}"


_DATE = len("Mon 23 Nov 2026")


def wins_data(wins: Wins) -> dict[str, Any]:
    """As JSON, without any words of ours."""
    return {
        "since": wins.span.since,
        "until": wins.span.until,
        "mine": _counts(wins.mine),
        "theirs": _counts(wins.theirs),
        "together": _counts(wins.together),
        "milestones": [picked(milestone, "manager milestone on entry") for milestone in wins.milestones],
        "steps": [picked(step, "manager on step") for step in wins.steps],
    }


def wins_lines(wins: Wins, words: WinsWords, look: Look) -> str:
    """As text: what I did, what happened for the first time, the steps noted, what came back, what was together."""
    days = f"{echo_day(wins.span.since)} to {echo_day(wins.span.until)}"
    if wins.nothing:
        return f"{look.paint(days, 'dim')}\n\n{flowing(visible(words.nothing), min(look.width, 78))}"
    return "\n\n".join([look.paint(days, "dim"), *wins_blocks(wins, words, look)])


def wins_blocks(wins: Wins, words: WinsWords, look: Look) -> list[str]:
    """Each part that holds anything, under its heading."""
    firsts = [(echo_day(first.on), milestone(words, first.milestone, first.manager_name)) for first in wins.milestones]
    steps = [(echo_day(step.on), f"{visible(step.manager_name)}: {one_line(step.step)}") for step in wins.steps]
    blocks = (
        ("mine", [f"  {line}" for line in sentences(wins.mine, words)]),
        ("milestones", [_dated(day, words, look) for day, words in firsts]),
        ("steps", [_dated(day, words, look) for day, words in steps]),
        ("theirs", [f"  {line}" for line in sentences(wins.theirs, words)]),
        ("together", [f"  {line}" for line in sentences(wins.together, words)]),
    )
    return ["\n".join([look.paint(visible(words.headings[name]), "strong"), *block]) for name, block in blocks if block]


def _counts(counted: Iterable[Times]) -> list[dict[str, Any]]:
    return [{"kind": win.kind, "count": win.times} for win in counted]


def sentences(counted: Iterable[Times], words: WinsWords) -> list[str]:
    lines = []
    for win in counted:
        places = {"count": str(win.times), "times": "twice" if win.times == 2 else f"{win.times} times"}
        lines.append(visible(words.once[win.kind] if win.times == 1 else filled(words.often[win.kind], places)))
    return lines


def milestone(words: WinsWords, milestone: str, name: str) -> str:
    return visible(filled(words.milestones[milestone], {"name": name}))


def _dated(day: str, words: str, look: Look) -> str:
    """A day and what happened on it; what does not fit goes on under itself."""
    indent = " " * (_DATE + 4)
    broken = flowing(words, min(look.width, 78), indent)
    return f"  {look.paint(f'{day:<{_DATE}}', 'dim')}  {broken.lstrip() if look.terminal else words}"
