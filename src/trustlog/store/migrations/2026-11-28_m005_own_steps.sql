-- Steps that are nobody else's business lie in the second drawer: self-care, boundaries, coaching, all under a restriction.

CREATE TABLE own_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id), step TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('done', 'copied', 'dismissed', 'snoozed', 'asked')),
  happened_at TEXT NOT NULL, until TEXT, condition TEXT, answer INTEGER CHECK (answer IN (0, 1)), note TEXT
) STRICT;
CREATE INDEX own_steps_by_manager ON own_steps(manager_id, step);

-- what earlier versions wrote of them into the journal, with the recruiter's own words
INSERT INTO own_steps (uid, manager_id, step, kind, happened_at, until, condition, answer, note)
  SELECT s.uid, s.manager_id, s.step, s.kind, s.happened_at, s.until, s.condition, s.answer, e.note
  FROM step_events s LEFT JOIN entries e ON e.id = s.entry_id AND e.kind = 'note' AND e.note NOT LIKE 'Small step: %'
  WHERE s.step IN ('PB41', 'PB42', 'PB43', 'PB46') ORDER BY s.id;
DELETE FROM entries WHERE kind = 'note' AND id IN (
  SELECT entry_id FROM step_events WHERE step IN ('PB41', 'PB42', 'PB43', 'PB46'));
DELETE FROM step_events WHERE step IN ('PB41', 'PB42', 'PB43', 'PB46');
