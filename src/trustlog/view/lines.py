"""Answers of a line or two, without Rich: the heartbeat commands print nothing else."""

from collections.abc import Iterable
from datetime import datetime

from trustlog.domain.days import echo, echo_day
from trustlog.domain.kinds import KINDS
from trustlog.domain.model import Change, Entry, Manager, Req
from trustlog.domain.text import visible
from trustlog.view.look import Look

Written = tuple[Entry, float, float]


def added(written: Iterable[Written], look: Look) -> str:
    """What was written, and for what they did how much less is unknown: a kindness of mine earns no points."""
    lines = []
    for entry, before, after in written:
        line = summary(entry, look)
        if KINDS[entry.kind].who != "mine" and entry.evidence and round(before * 100) != round(after * 100):
            moved = f" · unknown {percent(before)}, now {percent(after)}"
            fits = len(summary(entry, look._replace(color=False)) + moved) <= look.width
            line += look.paint(moved if fits or not look.terminal else f"\n   {moved}", "dim")
        lines.append(line)
    return "\n".join(lines)


def summary(entry: Entry, look: Look) -> str:
    """`#128  Dana Ortiz · praise given · Mon 23 Nov 2026 15:02`."""
    kind = KINDS[entry.kind].words + {"s": ", small", "m": "", "l": ", large"}[entry.size]
    head = look.paint(f"#{entry.id}", "accent")
    return f"{head}  {visible(entry.manager_name)} · {kind} · {echo(entry.happened_at)}"


def deleted(gone: list[Entry], look: Look) -> str:
    return "\n".join(f"Deleted {summary(entry, look)}" for entry in gone)


def undone(done: list[Change], look: Look) -> str:
    if not done:
        return "Nothing to take back."
    return "\n".join(
        f"Took back {change.command} {look.paint(visible(change.summary), 'dim')}".rstrip() for change in done
    )


def changes(listed: list[Change], look: Look) -> str:
    if not listed:
        return "Nothing to take back."
    return "\n".join(
        f"{_local(change.at)}  {change.command}  {look.paint(visible(change.summary), 'dim')}" for change in listed
    )


def manager(one: Manager, look: Look) -> str:
    """A manager, one field a line."""
    praise = {None: None, True: "yes", False: "no"}[one.public_praise_ok]
    fields = (
        ("team", one.team), ("email", one.email), ("likes", one.likes), ("on their plate", one.on_their_plate),
        ("public praise ok", praise), ("archived", "yes" if one.archived else None),
    )  # fmt: skip
    head = f"{visible(one.name)} {look.paint(f'({one.handle})', 'dim')}"
    return "\n".join(
        [
            head,
            *(f"  {look.paint(f'{name:<16}', 'dim')}  {visible(value)}" for name, value in fields if value),
        ]
    )


def managers(listed: list[Manager], look: Look) -> str:
    width = max((len(one.handle) for one in listed), default=0)
    lines = []
    for one in sorted(listed, key=lambda one: one.archived):
        rest = ", ".join(part for part in (visible(one.team or ""), "archived" if one.archived else "") if part)
        lines.append(
            f"{look.paint(one.handle.ljust(width), 'accent')}  {visible(one.name)}"
            + (look.paint(f"  {rest}", "dim") if rest else "")
        )
    return "\n".join(lines)


def req(one: Req, look: Look) -> str:
    closed = f", closed {echo_day(one.closed_on)}" if one.closed_on else ""
    tags = f"  [{', '.join(visible(tag) for tag in one.tags)}]" if one.tags else ""
    facts = f"  {one.manager}, opened {echo_day(one.opened_on)}{closed}{tags}"
    return f"{look.paint(visible(one.code), 'accent')}  {visible(one.title)}{look.paint(facts, 'dim')}"


def reqs(listed: list[Req], look: Look) -> str:
    return "\n".join(req(one, look) for one in listed)


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _local(moment: datetime) -> str:
    return echo(moment.astimezone())
