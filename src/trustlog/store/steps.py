"""What became of the steps that were offered."""

from datetime import datetime

from trustlog.domain.coaching.step import StepEvent
from trustlog.store.disk.driver import Row
from trustlog.store.journal import Journal
from trustlog.store.uids import new_uid

_COLUMNS = "step, kind, happened_at, until, condition, answer"


def record(journal: Journal, manager_id: int, event: StepEvent, entry_id: int | None = None) -> None:
    """Write what happened, inside a change, with the entry that it wrote if there is one."""
    journal.db.execute(
        "INSERT INTO step_events (uid, manager_id, step, kind, happened_at, until, condition, answer, entry_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new_uid(), manager_id, event.step, event.kind, event.at.isoformat(),
            event.until.isoformat() if event.until else None, event.condition,
            None if event.answer is None else int(event.answer), entry_id,
        ),
    )  # fmt: skip


def events(journal: Journal, manager_id: int, until: datetime) -> list[StepEvent]:
    """All that became of steps with one manager up to a moment, oldest first."""
    rows = journal.rows(f"SELECT {_COLUMNS} FROM step_events WHERE manager_id = ? ORDER BY id", (manager_id,))
    return [one for row in rows if (one := _event(row)).at <= until]


def last(journal: Journal, manager_id: int, until: datetime) -> StepEvent | None:
    """The last step that was taken with one manager up to a moment: done or copied."""
    taken = [one for one in events(journal, manager_id, until) if one.kind in ("done", "copied")]
    return max(taken, key=lambda one: one.at, default=None)


def _event(row: Row) -> StepEvent:
    until = datetime.fromisoformat(row[3]) if row[3] else None
    answer = None if row[5] is None else bool(row[5])
    return StepEvent(row[0], row[1], datetime.fromisoformat(row[2]), until, row[4], answer)
