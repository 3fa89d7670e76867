"""What `sync` took in and gave, who writes in the folder, and what was decided, for people and as JSON."""

from datetime import date, datetime
from typing import Any

from trustlog.domain import sync as domain
from trustlog.domain.days import echo, echo_day
from trustlog.domain.sync import Decided, Laptop, Membership, Problem, Synced, SyncStatus
from trustlog.domain.text import one_line, plural, visible
from trustlog.formats.shapes import BY_NAME
from trustlog.ui.text import Look

_NAMES = {"commitments": ("promise", "promises")}
"""Shorter names than the sections' own, where a line is all there is."""
_WHY = {
    domain.CHANGED: "changed on both; this text did not stay",
    domain.DELETED: "deleted on {laptop}; what was changed here did not stay",
    domain.JOINED: "added on both, and joined into one",
    domain.RENAMED: "two had one name; this was it, and the younger got another",
}


def synced_data(done: Synced) -> dict[str, Any]:
    return {
        "taken": sum(sum(received.counts.values()) for received in done.taken),
        "removed": sum(sum(received.removed.values()) for received in done.taken),
        "forgotten": [who for who, _ in done.forgotten], "given": sum(done.given.values()),
        "delivered": done.delivered, "waits": done.waits,
        "problems": [problem._asdict() for problem in done.problems], "decided": done.decided,
    }  # fmt: skip


def synced_lines(done: Synced, _: Look) -> str:
    """One line if all went well; what was passed over and what was decided stand below."""
    said = [f"Removed {visible(who)}: {plural(rows, 'row')}." for who, rows in done.forgotten]
    said += [
        f"From {visible(received.name)}: {_counted(received.counts)}." for received in done.taken if received.counts
    ]
    said += [
        f"Removed, as on {visible(received.name)}: {_counted(received.removed)}."
        for received in done.taken
        if received.removed
    ]
    said += [f"Given: {_counted(done.given)}."] if done.given else []
    said += [f"In the folder now: {plural(done.delivered, 'file')} that waited here."] if done.delivered else []
    said.append("Nothing waits." if not done.waits else f"{plural(done.waits, 'file')} of others {_wait(done.waits)}.")
    lines = [" ".join(said), *map(_problem, done.problems)]
    if done.decided:
        lines.append(f"{plural(done.decided, 'thing')} differed between laptops: trustlog sync status")
    return "\n".join(lines)


def joined_line(membership: Membership, _: Look) -> str:
    begun = "A new space begins in" if membership.first else "This laptop joins the space in"
    drawer = "travels" if membership.own_drawer else "stays here"
    return f"{begun} {visible(membership.folder)}, as {visible(membership.name)}. Your own drawer {drawer}."


def standing_data(found: SyncStatus) -> dict[str, Any]:
    return {
        "folder": found.folder, "own_drawer": found.own_drawer, "to_give": found.to_give, "to_take": found.to_take,
        "laptops": [laptop._asdict() for laptop in found.laptops],
        "decided": [decided._asdict() | {"about": decided.about._asdict()} for decided in found.decided],
        "problems": [problem._asdict() for problem in found.problems],
    }  # fmt: skip


def standing_lines(found: SyncStatus, _: Look) -> str:
    """Who writes here, what waits, and what was decided."""
    give = plural(found.to_give, "change") if found.to_give else "nothing"
    take = plural(found.to_take, "file") if found.to_take else "nothing"
    return "\n".join([
        f"In {visible(found.folder)}; your own drawer {'travels' if found.own_drawer else 'stays here'}.",
        *map(_laptop, found.laptops),
        f"To give: {give}. To take in: {take}.",
        *map(_problem, found.problems),
        *map(_decision, found.decided),
        *(["Read them? trustlog sync status --seen lets go of them."] if found.decided else []),
    ])  # fmt: skip


def _laptop(laptop: Laptop) -> str:
    if laptop.here:
        return f"  {visible(laptop.name)} ({laptop.id}): this laptop"
    heard = (
        f"last heard {echo(datetime.fromisoformat(laptop.heard_at).astimezone())}"
        if laptop.heard_at
        else "not heard yet"
    )
    later = f", {plural(laptop.waits, 'file')} to take in" if laptop.waits else ""
    return f"  {visible(laptop.name)} ({laptop.id}): {heard}{later}"


def _decision(decided: Decided) -> str:
    what = (
        BY_NAME[decided.what].label[0] if decided.what in BY_NAME else decided.what.replace("_", " ").removesuffix("s")
    )
    ref, manager, day = decided.about
    where = [what, *filter(None, (manager, day and echo_day(date.fromisoformat(day)), decided.field.replace("_", " ")))]
    where[0] += f" {ref}" if ref else ""
    why = _WHY[decided.why].format(laptop=visible(decided.laptop))
    text = "[of your own drawer: --include-reflections]" if decided.text is None else one_line(decided.text)
    return f"  {visible(', '.join(where))}: {why}: {text}"


def _problem(problem: Problem) -> str:
    return f"{visible(problem.file)}: {problem.problem}."


def _counted(counts: dict[str, int]) -> str:
    told = [(section, counts[section]) for section in BY_NAME if counts.get(section)]
    said = [plural(count, *_NAMES.get(section, BY_NAME[section].label)) for section, count in told]
    return ", ".join(said) or "nothing that counts"


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"
