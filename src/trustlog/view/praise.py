"""The jar, and the sentence of praise."""

from textwrap import fill
from typing import Any

from trustlog.domain.coaching.noticed import Noticed
from trustlog.domain.coaching.praise import Said
from trustlog.domain.days import echo_day
from trustlog.domain.text import one_line, visible
from trustlog.view import data
from trustlog.view.look import Look


def noticed_data(one: Noticed) -> dict[str, Any]:
    return {
        "id": one.id, "uid": one.uid, "manager": one.manager, "on": one.on.isoformat(), "seen": one.seen,
        "thanked": one.entry is not None,
    }  # fmt: skip


def said_data(said: Said) -> dict[str, Any]:
    """The entry, or null for a draft, with the sentence as it would be sent."""
    entry = data.entry(said.entry) if said.entry is not None else None
    return {"entry": entry, "sentence": said.sentence, "channel": said.channel}


def noticed(one: Noticed, look: Look) -> str:
    """`In the jar  #3  Dana Ortiz · Thu 19 Nov 2026 · four scorecards before lunch`."""
    return f"In the jar  {_line(one, look)}"


def dropped(gone: list[Noticed], look: Look) -> str:
    return "\n".join(f"Out of the jar  {_line(one, look)}" for one in gone)


def jar(listed: list[Noticed], look: Look) -> str:
    """One thing a line, the oldest first; on a narrow terminal what was seen stands under it."""
    return "\n".join(_line(one, look) for one in listed)


def sentence(said: Said, look: Look) -> str:
    """The sentence alone: broken into lines where a person reads it, whole where it is passed on."""
    shown = visible(said.sentence)
    if not look.terminal:
        return shown
    return "\n".join(fill(part, min(look.width, 78)) for part in shown.split("\n"))


def _line(one: Noticed, look: Look) -> str:
    head = f"{look.paint(f'#{one.id}', 'accent')}  {visible(one.manager_name)} · {echo_day(one.on)}"
    seen = one_line(one.seen)
    room = look.width - len(f"Out of the jar  #{one.id}  {one.manager_name} · {echo_day(one.on)} · ")
    if len(seen) <= room or not look.terminal:
        return f"{head} · {seen}"
    return f"{head}\n{fill(seen, min(look.width, 78), initial_indent='    ', subsequent_indent='    ')}"
