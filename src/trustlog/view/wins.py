"""What went well, in plain words; counts of acts and dates of firsts, nobody beside anybody."""

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from trustlog.domain.coaching.wins import Times, Wins, WinsWords
from trustlog.domain.days import echo_day
from trustlog.domain.filling import filled
from trustlog.domain.text import one_line, visible
from trustlog.view.look import Look

_DATE = len("Mon 23 Nov 2026")


def data(found: Wins) -> dict[str, Any]:
    """As JSON, without any words of ours."""
    return {
        "since": found.span.since.isoformat(),
        "until": found.span.until.isoformat(),
        "mine": _counts(found.mine),
        "theirs": _counts(found.theirs),
        "together": _counts(found.together),
        "milestones": [
            {"manager": one.manager, "milestone": one.milestone, "on": one.on.isoformat(), "entry": one.entry}
            for one in found.milestones
        ],
        "steps": [{"manager": one.manager, "on": one.on.isoformat(), "step": one.step} for one in found.steps],
    }


def lines(found: Wins, words: WinsWords, look: Look) -> str:
    """As text: what I did, what happened for the first time, the steps noted, what came back, what was together."""
    days = f"{echo_day(found.span.since)} to {echo_day(found.span.until)}"
    if found.nothing:
        return f"{look.paint(days, 'dim')}\n\n{fill(visible(words.nothing), min(look.width, 78))}"
    firsts = [(echo_day(one.on), _first(words, one.milestone, one.manager_name)) for one in found.milestones]
    steps = [(echo_day(one.on), f"{visible(one.manager_name)}: {one_line(one.step)}") for one in found.steps]
    blocks = (
        ("mine", [f"  {line}" for line in _told(found.mine, words)]),
        ("milestones", [_dated(day, told, look) for day, told in firsts]),
        ("steps", [_dated(day, told, look) for day, told in steps]),
        ("theirs", [f"  {line}" for line in _told(found.theirs, words)]),
        ("together", [f"  {line}" for line in _told(found.together, words)]),
    )
    told = [look.paint(days, "dim")]
    for name, block in blocks:
        if block:
            told += ["", look.paint(visible(words.headings[name]), "strong"), *block]
    return "\n".join(told)


def _counts(counted: Iterable[Times]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "count": one.times} for one in counted]


def _told(counted: Iterable[Times], words: WinsWords) -> list[str]:
    told = []
    for one in counted:
        places = {"count": str(one.times), "times": "twice" if one.times == 2 else f"{one.times} times"}
        told.append(visible(words.once[one.kind] if one.times == 1 else filled(words.often[one.kind], places)))
    return told


def _first(words: WinsWords, milestone: str, name: str) -> str:
    return visible(filled(words.milestones[milestone], {"name": name}))


def _dated(day: str, told: str, look: Look) -> str:
    """A day and what happened on it; what does not fit goes on under itself."""
    indent = " " * (_DATE + 4)
    broken = fill(told, min(look.width, 78), initial_indent=indent, subsequent_indent=indent) if told else ""
    return f"  {look.paint(f'{day:<{_DATE}}', 'dim')}  {broken.lstrip() if look.terminal else told}"
