"""Copies of the journal, what `doctor` found, and what became of the files when encrypted."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from trustlog.domain.days import echo, echo_day
from trustlog.domain.outcomes import Checkup, Recovered, Sealed
from trustlog.domain.snapshots import Counts, Doubt, Inside, Listed, Plan, Restored, Saved, Thinned
from trustlog.domain.text import few, filled, plural, visible
from trustlog.ui.text import Look
from trustlog.view import picked

_WHY = {"": "", "before-restore": "before a restore", "before-import": "before an import",
        "before-merge": "before a merge", "before-upgrade": "before an upgrade"}  # fmt: skip


def saved_data(done: Saved) -> dict[str, Any]:
    return {"file": done.path, **_inside(done.inside)}


def saved(done: Saved, _: Look) -> str:
    """Where the copy is, and that it is good."""
    return f"{visible(done.path)}\nChecked: it holds {_counted(done.inside)}."


def thinned(done: Thinned) -> list[str]:
    """What a person must know of the older copies, a line each; none if all is as ever."""
    lines = [
        f"The copy of {echo_day(fuller.copy.taken_at.astimezone().date())} holds {_more(fuller.then, fuller.now)};"
        f" it is kept for you: {fuller.copy.name}"
        for fuller in done.fuller
    ]
    if done.doubt is not None:
        lines.append(_doubtful(done.doubt))
    if done.closed:
        lines.append("No copy of the journal could be made, as their folder is closed. See: trustlog doctor")
    return lines


def _more(then: Counts, now: Counts) -> str:
    """`5 entries, the journal 1`, for all that there is less of."""
    less = [
        (plural(many, *words), f"{few:,}") for many, few, words in zip(then, now, _WORDS, strict=True) if many > few
    ]
    return f"{' and '.join(many for many, _ in less)}, the journal {' and '.join(few for _, few in less)}"


def _doubtful(doubt: Doubt) -> str:
    last, now = (echo_day(at.astimezone().date()) for at in doubt)
    if doubt.last > doubt.now:
        return (
            f"The last copy is dated {last}, which has not come yet: this machine's clock was wrong then, or is now."
            " No older copy was let go."
        )
    return (
        f"This machine's clock says {now}, and the last copy is of {last}. If that is wrong, set the clock."
        " No older copy was let go."
    )


def listed_data(copies: list[Listed]) -> dict[str, Any]:
    return {
        "snapshots": [
            {
                "name": copy.snapshot.name,
                "taken_at": copy.snapshot.taken_at.isoformat().replace("+00:00", "Z"),
                "why": copy.snapshot.why or "daily", "pinned": copy.snapshot.pinned,
                "readable": copy.inside is not None,
                **(_inside(copy.inside) if copy.inside else dict.fromkeys(_FIELDS)),
            }
            for copy in copies
        ]
    }  # fmt: skip


def listed(copies: list[Listed], look: Look) -> str:
    """A line for each: its name, how much it holds, and why it was made."""
    if not copies:
        return "No copies yet. Make one with: trustlog backup"
    lines = []
    for copy in copies:
        held = (
            f"{_entry_count(copy.inside):>13}  {_size(copy.inside.size):>8}" if copy.inside else f"{'not readable':>23}"
        )
        about = [
            _WHY.get(copy.snapshot.why, copy.snapshot.why), "kept for you" if copy.snapshot.pinned else "",
            "dated in the future, by a wrong clock" if copy.ahead else "",
        ]  # fmt: skip
        rest = ", ".join(part for part in about if part)
        when = echo(copy.snapshot.taken_at.astimezone())
        name = look.paint(visible(copy.snapshot.name.removesuffix(".db")), "accent")
        lines.append(f"{name}\n  {when:<22}{held}" + (f"  {look.paint(rest, 'dim')}" if rest else ""))
    return "\n".join(lines)


def plan(plan: Plan) -> str:
    """What a restore would change."""
    lines = [f"{name} cannot be read, so an older copy is offered." for name in plan.passed_over]
    lines.append(f"The copy {plan.source} holds {_counted(plan.then)}.")
    if plan.now is not None:
        lines.append(f"The journal holds {_counted(plan.now)}.")
    elif plan.there:
        lines.append("The journal as it is now cannot be read; it will be kept beside the new one.")
    else:
        lines.append("There is no journal in its place yet.")
    if plan.noise:
        lines.append("Its file looks encrypted, its copies are not; the new journal will not be encrypted either.")
    if plan.sealed_anew:
        lines.append("The copy is not encrypted; the journal that is made of it will be, with the key that it has now.")
    return "\n".join(lines)


def restored_data(done: Restored) -> dict[str, Any]:
    return {
        "restored": done.plan.source, "before": _inside(done.plan.now) if done.plan.now else None,
        "after": _inside(done.plan.then), "undo_by": done.undo_by, "damaged": done.damaged,
        "passed_over": list(done.plan.passed_over), "left_out": list(done.left_out),
    }  # fmt: skip


def restored(done: Restored, _: Look) -> str:
    """What is there now, and the way back."""
    lines = [f"The journal holds {_counted(done.plan.then)} again."]
    if done.left_out:
        lines.append(f"Left out, because trustlog did not make it: {visible(', '.join(done.left_out))}")
    if done.damaged:
        lines.append(f"The damaged file is kept as {visible(done.damaged)}")
    if done.undo_by:
        lines.append(f"To take this back: trustlog restore {visible(done.undo_by.removesuffix('.db'))}")
    return "\n".join(lines)


_WORDS = (("entry", "entries"), ("manager", "managers"), ("conversation", "conversations"))
_FIELDS = ("entries", "managers", "conversations", "newest", "size")


def _inside(inside: Inside) -> dict[str, Any]:
    return {**inside.counts._asdict(), "newest": inside.newest, "size": inside.size}


def _counted(inside: Inside) -> str:
    counts = inside.counts
    newest = f" (newest {echo_day(date.fromisoformat(inside.newest))})" if inside.newest else ""
    return (
        f"{_entry_count(inside)}{newest}, {plural(counts.managers, 'manager')}"
        f" and {plural(counts.conversations, 'conversation')}"
    )


def _entry_count(inside: Inside) -> str:
    return plural(inside.counts.entries, "entry", "entries")


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"


def doctor_data(done: Checkup) -> dict[str, Any]:
    found = picked(done, "findings mended")
    return {name: [picked(finding, "check problem cure") for finding in findings] for name, findings in found.items()}


def doctor_lines(done: Checkup, look: Look) -> str:
    """A finding in two lines: what is not in order, and what helps."""
    lines = [f"Mended {look.paint(finding.check, 'accent')}: {visible(finding.problem)}" for finding in done.mended]
    for finding in done.findings:
        lines += [f"{look.paint(finding.check, 'due')}: {visible(finding.problem)}", f"  {visible(finding.cure)}"]
    if not done.findings:
        lines.append("Everything is in order.")
    return "\n".join(lines)


def encryption_data(done: Sealed) -> dict[str, Any]:
    """As JSON."""
    return done._asdict() | {"left": [left._asdict() for left in done.left]}


def encryption_lines(done: Sealed, words: Mapping[str, str], look: Look) -> str:
    """How the journal is now, what was written, what was left or removed, and what was not looked at."""
    lines = [words["encrypted" if done.encrypted else "plain"]]
    if not done.changed:
        lines[0] += f" {words['already']}"
    else:
        lines.append(filled(words["changed"], {"files": _names(done.changed)}))
    lines += [
        look.paint(filled(words["left"], {"file": visible(snapshot.file), "why": snapshot.why}), "due")
        for snapshot in done.left
    ]
    if done.removed:
        lines.append(filled(words["removed"], {"files": _names(done.removed)}))
    lines.append(words["elsewhere"] + (f" {words['remains']}" if done.encrypted and done.changed else ""))
    return "\n".join(lines)


_FEW = 5
"""How many files are named; JSON has all of them."""


def _names(paths: Sequence[str]) -> str:
    return visible(few([Path(path).name for path in paths], _FEW))


def line(done: Recovered, changes: Mapping[str, Mapping[str, str]]) -> str:
    """What was found, what was done about it, and how things are now, in the words of each change."""
    words = changes.get(done.what, changes["other"])
    if done.left:
        names = ", ".join(Path(path).name for path in done.left)
        so_far = f"was made but for {names}" if done.made else f"was not made, and {names} is left of it"
        return f"{words['doing']} was cut off; it {so_far}. Make the folder writable: the next command finishes it."
    if done.made:
        return f"{words['doing']} was cut off and is finished now: {words['made']}"
    return f"{words['doing']} was cut off before anything had changed: {words['not_made']} {words['again']}"


def blocked(why: str) -> str:
    """That it cannot even be looked at."""
    return f"A change of the journal's files was cut off and cannot be finished here: {why}. See: trustlog doctor"
