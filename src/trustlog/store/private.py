"""Boundary checks and the recruiter's profile: private, apart from the journal."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from trustlog.domain import private as domain
from trustlog.domain.conversations import Conversation
from trustlog.domain.private import Carried, Notes, Talk, Yes
from trustlog.store import conversations
from trustlog.store.journal import Journal, utc_moment, utc_text

if TYPE_CHECKING:
    from trustlog.domain.me import ForecastRequest
    from trustlog.domain.me_works import KnownTime, TriedStep


def add_check(journal: Journal, manager_id: int, on: date, answers: Mapping[str, bool]) -> None:
    """Keep answers of a day inside a change."""
    columns = {"manager_id": manager_id, "happened_on": on, "answers": json.dumps(dict(answers))}
    journal.insert("boundary_checks", columns)


def check_draft(journal: Journal, manager_id: int) -> dict[str, bool]:
    """What was answered in a check that was not finished: yes or no for every question that was shown."""
    sql = "SELECT answers FROM boundary_checks WHERE manager_id = ? AND finished = 0"
    return dict(json.loads(journal.value(sql, (manager_id,)) or "{}"))


def keep_check_draft(journal: Journal, manager_id: int, on: date, answers: Mapping[str, bool]) -> None:
    """Keep an unfinished check, one for each manager, outside undo."""
    drop_check_draft(journal, manager_id)
    columns = {"manager_id": manager_id, "happened_on": on, "answers": json.dumps(dict(answers))}
    journal.insert("boundary_checks", columns | {"finished": False})


def drop_check_draft(journal: Journal, manager_id: int) -> None:
    journal.db.execute("DELETE FROM boundary_checks WHERE manager_id = ? AND finished = 0", (manager_id,))


def clear_level(journal: Journal, manager_id: int, on: date) -> None:
    """Keep that the recruiter lifted the restriction, inside a change."""
    journal.insert("boundary_checks", {"manager_id": manager_id, "happened_on": on, "cleared": True})


def boundary_notes(journal: Journal, manager_id: int) -> Notes:
    """All that the levels of one manager are made from."""
    yeses, cleared = [], []
    for day, answers, lifted in journal.rows(
        "SELECT happened_on, answers, cleared FROM boundary_checks WHERE manager_id = ? AND finished = 1 ORDER BY uid",
        (manager_id,),
    ):
        on = date.fromisoformat(day)
        yeses += [Yes(on, question, on in cleared) for question, yes in json.loads(answers).items() if yes]
        cleared += [on] if lifted else []
    told: list[Talk] = []
    carried: list[Carried] = []
    for conversation in conversations.all_conversations(journal, manager_id):
        told += _debriefs(conversation)
        carried += [
            Carried(sitting.on, sitting.answers["carry_over"])
            for sitting in conversation.sittings
            if sitting.part == "checkin" and sitting.finished and sitting.answers.get("carry_over") is not None
        ]
    return Notes(tuple(yeses), tuple(told), tuple(carried), tuple(cleared))


_CARE = """WITH care(tbl, id, day) AS (
    SELECT 'sittings', s.id, s.happened_on FROM sittings s JOIN conversations c ON c.id = s.conversation_id
      WHERE c.manager_id = :who AND s.part <> 'prep' AND s.finished = 1
    UNION ALL SELECT 'boundary_checks', b.id, b.happened_on FROM boundary_checks b
      WHERE b.manager_id = :who AND b.finished = 1
        AND (b.cleared = 1 OR EXISTS (SELECT 1 FROM json_each(b.answers) a WHERE a.type = 'true')))
  SELECT 1 FROM care WHERE day > :day OR (day = :day AND EXISTS (
    SELECT 1 FROM undo_rows u WHERE u.tbl = care.tbl AND u.op = 'insert' AND care.id BETWEEN u.first_id AND u.last_id
      AND u.change_id >= (SELECT max(w.change_id) FROM undo_rows w
        WHERE w.tbl = 'entries' AND w.op = 'insert' AND :entry BETWEEN w.first_id AND w.last_id)))
  LIMIT 1"""


def cared_since(journal: Journal, manager_id: int, entry_id: int, day: date) -> bool:
    """Whether a talk was looked back on, or a boundary note kept or lifted, on a later day than an entry's `day`.

    On that same day only if it was written after the entry; neither has a time, so the order of changes tells.
    """
    bound = {"who": manager_id, "entry": entry_id, "day": day.isoformat()}
    return journal.row(_CARE, bound) is not None


def restriction(journal: Journal, manager_id: int, on: date) -> Literal["L2", "L3"] | None:
    """The level of boundary notes whose care holds on a day."""
    return domain.restriction(boundary_notes(journal, manager_id), on)


def coaches(journal: Journal, manager_id: int, on: date) -> bool:
    """Whether questions may coach: not while a boundary note or a talk that crossed a line counts."""
    return domain.coaches(boundary_notes(journal, manager_id), on)


def _debriefs(conversation: Conversation) -> list[Talk]:
    before = conversation.answers("prep").get("mood_before")
    return [
        Talk(sitting.on, before, sitting.answers.get("mood_after"), sitting.answers.get("line_crossed"))
        for sitting in conversation.sittings
        if sitting.part == "debrief" and sitting.finished
    ]


def load_profile(journal: Journal) -> dict[str, Any]:
    """Every field that was set, as the values of its JSON."""
    kept = journal.pairs("SELECT field, value FROM profile ORDER BY field")
    return {field: json.loads(value) for field, value in kept.items()}


def save_profile(journal: Journal, fields: dict[str, Any]) -> None:
    """Set fields inside a change; None or an empty list removes one."""
    for field, value in fields.items():
        if value in (None, [], ""):
            journal.db.execute("DELETE FROM profile WHERE field = ?", (field,))
        else:
            journal.db.execute(
                "INSERT INTO profile (field, value) VALUES (?, ?)"
                " ON CONFLICT (field) DO UPDATE SET value = excluded.value",
                (field, json.dumps(value, ensure_ascii=False)),
            )


def forecasts(journal: Journal) -> "list[ForecastRequest]":
    """Every request with a forecast, the first due time that it had, and how it was closed."""
    from trustlog.domain.me import ForecastRequest  # what one learns from the log is no part of a morning

    rows = journal.rows(
        "SELECT f.sure, g.due_at, s.outcome, s.happened_at FROM forecasts f"
        " JOIN commitment_events g ON g.commitment_id = f.commitment_id AND g.kind = 'given'"
        " LEFT JOIN commitment_events s ON s.commitment_id = f.commitment_id AND s.kind = 'settled' ORDER BY f.id"
    )
    read = datetime.fromisoformat
    return [
        ForecastRequest(sure, read(due_at) if due_at else None, outcome, read(settled_at) if settled_at else None)
        for sure, due_at, outcome, settled_at in rows
    ]


def answer_days(journal: Journal, until: date) -> dict[str, list[date]]:
    """By the handle of each manager the days up to one on which something good came from them, in order."""
    from trustlog.domain.me import ANSWERS

    found: dict[str, list[date]] = {}
    for handle, day in journal.rows(
        "SELECT DISTINCT m.handle, e.happened_on FROM entries e JOIN managers m ON m.id = e.manager_id"
        " WHERE e.kind IN (SELECT value FROM json_each(?)) AND e.happened_on <= ? ORDER BY e.happened_on",
        (json.dumps(ANSWERS), until.isoformat()),
    ):
        found.setdefault(handle, []).append(date.fromisoformat(day))
    return found


def steps_done(journal: Journal, until: datetime) -> "list[TriedStep]":
    """Every small step that was done with any manager up to a moment."""
    from trustlog.domain.me_works import TriedStep

    rows = journal.rows(
        "SELECT manager_id, step, happened_at FROM step_events WHERE kind = 'done'"
        " UNION ALL SELECT manager_id, step, happened_at FROM own_steps WHERE kind = 'done'"
    )
    read = datetime.fromisoformat
    done = [TriedStep(manager, step, read(at), read(at).date()) for manager, step, at in rows]
    return sorted((step for step in done if step.at <= until), key=lambda step: step.at)


def pasts(journal: Journal, managers: Iterable[int], until: datetime) -> "dict[int, KnownTime]":
    """Of some managers when they are written about, and when something good came from them, up to a moment."""
    from trustlog.domain.me import ANSWERS
    from trustlog.domain.me_works import KnownTime

    found = {}
    bound = utc_text(until)
    for manager in set(managers):
        ((first, last),) = journal.rows(
            "SELECT min(happened_on), max(happened_on) FROM entries WHERE manager_id = ? AND happened_at <= ?",
            (manager, bound),
        )
        if first is None:
            continue
        rows = journal.rows(
            "SELECT happened_on, happened_at FROM entries INDEXED BY entries_for_trust WHERE manager_id = ?"
            " AND happened_at <= ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY happened_on, happened_at",
            (manager, bound, json.dumps(ANSWERS)),
        )
        theirs = [(date.fromisoformat(on), utc_moment(at)) for on, at in rows]
        found[manager] = KnownTime(manager, date.fromisoformat(first), date.fromisoformat(last), theirs)
    return found
