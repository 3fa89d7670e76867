"""One manager's recent past, as situations read it, and what became of offered steps."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from trustlog.domain import coaching_history as history
from trustlog.domain.coaching_history import Happened, Quiet, StepEvent, is_own
from trustlog.domain.entries import GOOD, KINDS
from trustlog.domain.people import Req
from trustlog.store import private
from trustlog.store.driver import Row
from trustlog.store.journal import Journal, moments_from, new_uid, utc_moment, utc_text


def first_and_last(journal: Journal, manager_id: int, until: datetime) -> tuple[date | None, date | None]:
    """The day of the first entry, and of the last contact: every kind but `note` is one."""
    bound = (manager_id, utc_text(until))
    where = "FROM entries WHERE manager_id = ? AND happened_at <= ?"
    first = journal.value(f"SELECT happened_on {where} ORDER BY happened_at, id LIMIT 1", bound)
    last = journal.value(
        f"SELECT happened_on {where} AND kind <> 'note' ORDER BY happened_at DESC, id DESC LIMIT 1", bound
    )
    return (date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


_UP_TO = "FROM entries WHERE manager_id = :who AND happened_at <= :until"


def quiet(journal: Journal, manager_id: int, at: datetime, met: date | None) -> Quiet:
    """What came last from somebody, at a talk on the day `met` if that is later, and my messages since."""
    bound = {"who": manager_id, "until": utc_text(at), "theirs": _FROM_THEM, "mine": json.dumps(history.MESSAGES_OF)}
    heard = journal.row(
        f"SELECT happened_on, happened_at {_UP_TO} AND kind IN (SELECT value FROM json_each(:theirs))"
        " ORDER BY happened_at DESC, id DESC LIMIT 1",
        bound,
    )
    bound |= {"heard": heard["happened_at"] if heard else "", "since": (at.date() - history.SILENCE).isoformat()}
    ((messages, last),) = journal.rows(
        f"SELECT count(*), max(happened_on) {_UP_TO} AND happened_at > :heard AND happened_on >= :since"
        " AND happened_on > :met AND kind IN (SELECT value FROM json_each(:mine))",
        bound | {"met": met.isoformat() if met else ""},
    )
    days = [date.fromisoformat(heard["happened_on"])] if heard else []
    days += [met] if met is not None else []
    return Quiet(max(days, default=None), messages, date.fromisoformat(last) if last else None)


def good_days(journal: Journal, manager_id: int, since: date, at: datetime) -> tuple[date, ...]:
    """The days from one on, on which something good came from somebody, the oldest first."""
    days = journal.column(
        "SELECT DISTINCT happened_on FROM entries INDEXED BY entries_for_trust WHERE manager_id = ?"
        " AND happened_on >= ? AND happened_at <= ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY happened_on",
        (manager_id, since.isoformat(), utc_text(at), _GOOD),
    )
    return tuple(map(date.fromisoformat, days))


def worked_together(journal: Journal, manager_id: int, at: datetime) -> bool:
    """Whether anything was ever done together."""
    sql = f"SELECT 1 {_UP_TO} AND kind IN (SELECT value FROM json_each(:joint)) LIMIT 1"
    return bool(journal.rows(sql, {"who": manager_id, "until": utc_text(at), "joint": _JOINT}))


def hired_since(journal: Journal, since: datetime, at: datetime) -> bool:
    """Whether anybody's search ended in a hire between two moments."""
    bound = (utc_text(since), utc_text(at))
    sql = "SELECT 1 FROM entries WHERE kind = 'hire-closed' AND happened_at BETWEEN ? AND ? LIMIT 1"
    return journal.row(sql, bound) is not None


def together_and_pushed(journal: Journal, manager_id: int, since: date, at: datetime) -> tuple[int, int]:
    """How many contacts from a day on were joint, and how many asked for something."""
    ((joint, pushed),) = journal.rows(
        "SELECT coalesce(sum(kind IN (SELECT value FROM json_each(:joint))), 0),"
        f" coalesce(sum(approach = 'push' OR (approach IS NULL AND kind = 'ask-help')), 0) {_UP_TO}"
        " AND happened_on >= :since AND happened_at >= :from",
        {
            "who": manager_id, "until": utc_text(at), "since": since.isoformat(), "from": moments_from(since),
            "joint": _JOINT,
        },
    )  # fmt: skip
    return int(joint), int(pushed)


_FROM_THEM = json.dumps([kind.name for kind in KINDS.values() if kind.who != "mine"])
_JOINT = json.dumps(GOOD["joint"])
_GOOD = json.dumps(GOOD["theirs"] + GOOD["joint"])


def past_roles(journal: Journal, manager_id: int, roles: Sequence[Req], until: datetime) -> frozenset[str]:
    """Those of a manager's open roles that a hire has filled, or that nothing was written about for long."""
    bound = utc_text(until)
    filled = journal.column(
        "SELECT DISTINCT req_id FROM entries INDEXED BY entries_for_trust"
        " WHERE manager_id = ? AND kind = 'hire-closed' AND happened_at <= ?",
        (manager_id, bound),
    )
    found = set()
    for role in roles:
        last = journal.value(
            "SELECT happened_at FROM entries WHERE req_id = ? AND happened_at <= ? ORDER BY happened_at DESC LIMIT 1",
            (role.id, bound),
        )
        if role.id in filled or (last is not None and utc_moment(last) < until - history.ROLE_SLEEPS):
            found.add(role.code)
    return frozenset(found)


_OF = "FROM entries INDEXED BY entries_for_trust WHERE manager_id = :who AND happened_at BETWEEN :since AND :until"
_TELLING = f"""WITH newest AS (
    SELECT kind, max(happened_on) AS day {_OF} AND happened_on BETWEEN :listed AND :last GROUP BY kind
    UNION SELECT kind, max(happened_on) {_OF} AND happened_on BETWEEN :first AND :last
      AND kind IN (SELECT value FROM json_each(:long)) GROUP BY kind),
  telling AS (
    SELECT e.id FROM newest n CROSS JOIN entries e INDEXED BY entries_for_trust  -- n first, then a look-up for each
      WHERE e.manager_id = :who AND e.happened_on = n.day AND e.kind = n.kind
        AND e.happened_at BETWEEN :since AND :until
    UNION SELECT id FROM entries INDEXED BY entries_by_manager WHERE manager_id = :who AND happened_at <= :until
      AND happened_at >= coalesce((SELECT happened_at FROM entries INDEXED BY entries_by_manager
        WHERE manager_id = :who AND happened_at BETWEEN :since AND :until
          AND kind IN (SELECT value FROM json_each(:theirs)) ORDER BY happened_at DESC LIMIT 1), :since)
    UNION SELECT id {_OF} AND happened_on BETWEEN :listed AND :last
      AND (kind = :kind OR EXISTS (SELECT 1 FROM entry_tags t
        WHERE t.tag IN (SELECT value FROM json_each(:tags)) AND t.entry_id = entries.id)))
  SELECT e.id, e.kind, e.happened_on, e.size, e.approach, e.tags, e.note, e.did, e.happened_at,
    r.happened_at AS repaired_at
  FROM telling JOIN entries e ON e.id = telling.id LEFT JOIN entries r ON r.id = e.repaired_by
  ORDER BY e.happened_at DESC, e.id DESC"""
_THEIRS = json.dumps([kind.name for kind in KINDS.values() if kind.who == "theirs"])


def happened(journal: Journal, manager_id: int, since: datetime, until: datetime) -> list[Happened]:
    """The entries between two moments that situations ask for (see History), newest first."""
    day = timedelta(days=1)  # a local day may begin a day before it does in UTC, or after
    rows = journal.rows(
        _TELLING,
        {
            "who": manager_id, "since": utc_text(since), "until": utc_text(until),
            "long": json.dumps(history.ASKED_LONG), "theirs": _THEIRS,
            "first": (since - day).date().isoformat(), "last": (until + day).date().isoformat(),
            "listed": (until - history.DAYS_LISTED * day).date().isoformat(), "kind": history.LISTED_KIND,
            "tags": json.dumps(history.LISTED_TAGS),
        },
    )  # fmt: skip
    bound = utc_text(until)
    return [
        Happened(
            row["id"], row["kind"], date.fromisoformat(row["happened_on"]), row["size"], row["approach"],
            tuple(json.loads(row["tags"])) if row["tags"] != "[]" else (),
            bool(row["repaired_at"]) and row["repaired_at"] <= bound, row["did"] or row["note"],
            utc_moment(row["happened_at"]),
        )
        for row in rows
    ]  # fmt: skip


_COLUMNS = "step, kind, happened_at, until, condition, answer"


def record_step(
    journal: Journal, manager_id: int, event: StepEvent, family: str, note: str | None = None,
    writes: Callable[[], int | None] | None = None,
) -> bool:  # fmt: skip
    """Write what became of a step, inside a change, into the drawer where it belongs; whether it is the second one.

    `writes` writes what the journal shall hold of it and gives the id of its entry, if there is one. It is not
    called for the second drawer, which keeps the note instead. The rule stands here, so that no caller can forget it.
    """
    columns = {
        "uid": new_uid(), "manager_id": manager_id, "step": event.step, "kind": event.kind, "happened_at": event.at,
        "until": event.until, "condition": event.condition, "answer": event.answer,
    }  # fmt: skip
    own = is_own(family, private.restriction(journal, manager_id, event.at.date()))
    if own:
        journal.insert("own_steps", columns | {"note": note})
    else:
        journal.insert("step_events", columns | {"entry_id": writes() if writes is not None else None})
    return own


def step_events(journal: Journal, manager_id: int, until: datetime, *, own: bool = True) -> list[StepEvent]:
    """All that became of steps with one manager up to a moment, oldest first; `own` is whether the second drawer's
    too, which choose what is offered and stand on no page.
    """
    both = f" UNION ALL SELECT {_COLUMNS} FROM own_steps WHERE manager_id = :who" if own else ""
    rows = journal.rows(f"SELECT {_COLUMNS} FROM step_events WHERE manager_id = :who{both}", {"who": manager_id})
    return sorted((one for row in rows if (one := _event(row)).at <= until), key=lambda event: event.at)


def in_peace(journal: Journal, manager_id: int, at: datetime) -> bool:
    """Whether somebody was left in peace for a while, on a Friday."""
    events = step_events(journal, manager_id, at)
    return any(event.step == history.IN_PEACE and event.until is not None and at < event.until for event in events)


def _event(row: Row) -> StepEvent:
    until = datetime.fromisoformat(row["until"]) if row["until"] else None
    answer = None if row["answer"] is None else bool(row["answer"])
    at = datetime.fromisoformat(row["happened_at"])
    return StepEvent(row["step"], row["kind"], at, until, row["condition"], answer)
