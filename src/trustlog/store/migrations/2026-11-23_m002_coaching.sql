-- Kick-off agreements, things noticed, what became of small steps, and the drafts of guided flows.

-- the kick-off agreement of a role: events, so that nothing is edited in silence
CREATE TABLE agreements (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  req_id INTEGER NOT NULL UNIQUE REFERENCES reqs(id), kickoff_on TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE agreement_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agreement_id INTEGER NOT NULL REFERENCES agreements(id) ON DELETE CASCADE,
  kind TEXT NOT NULL
    CHECK (kind IN ('written', 'agreed', 'confirmed', 'disputed', 'parked', 'amended', 'sent')),
  happened_at TEXT NOT NULL,
  stage TEXT CHECK (stage IN ('discovery', 'scope', 'responsibilities', 'process', 'recap')),
  field TEXT, value TEXT CHECK (value IS NULL OR json_valid(value)), reason TEXT, effect TEXT, how TEXT,
  entry_id INTEGER REFERENCES entries(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX agreement_events_by_agreement ON agreement_events(agreement_id);
CREATE INDEX agreement_events_by_entry ON agreement_events(entry_id) WHERE entry_id IS NOT NULL;

-- good things seen, to be praised later; entry_id is the praise that took it out of the jar
CREATE TABLE noticed (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id), happened_on TEXT NOT NULL, seen TEXT NOT NULL,
  entry_id INTEGER REFERENCES entries(id) ON DELETE SET NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX noticed_by_manager ON noticed(manager_id);
CREATE INDEX noticed_by_entry ON noticed(entry_id) WHERE entry_id IS NOT NULL;

-- what became of a suggested step; `until` goes with snoozed, `answer` with a condition that was asked
CREATE TABLE step_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id), step TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('done', 'copied', 'dismissed', 'snoozed', 'asked')),
  happened_at TEXT NOT NULL, until TEXT, condition TEXT, answer INTEGER CHECK (answer IN (0, 1)),
  entry_id INTEGER REFERENCES entries(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX step_events_by_manager ON step_events(manager_id, step);
CREATE INDEX step_events_by_entry ON step_events(entry_id) WHERE entry_id IS NOT NULL;

-- what the evidence up to a day weighs, so that a long journal is not read again; made anew when it is gone
CREATE TABLE trust_bases (
  manager_id INTEGER NOT NULL REFERENCES managers(id) ON DELETE CASCADE, on_day TEXT NOT NULL,
  parameters TEXT NOT NULL, sums TEXT NOT NULL CHECK (json_valid(sums)), last_contact TEXT,
  PRIMARY KEY (manager_id, parameters, on_day)
) STRICT, WITHOUT ROWID;

-- answers of a guided flow that is not finished; outside undo. `about` is the title of a role, which may
-- not be there yet; a role that is taken back leaves its title
CREATE TABLE drafts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, flow TEXT NOT NULL, manager_id INTEGER NOT NULL REFERENCES managers(id),
  req_id INTEGER REFERENCES reqs(id) ON DELETE SET NULL, about TEXT NOT NULL,
  answers TEXT NOT NULL CHECK (json_valid(answers))
) STRICT;
CREATE INDEX drafts_by_manager ON drafts(manager_id);
CREATE INDEX drafts_by_req ON drafts(req_id) WHERE req_id IS NOT NULL;
