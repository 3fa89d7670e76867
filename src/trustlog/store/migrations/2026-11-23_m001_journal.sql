-- People, roles, entries, conversations in two drawers, and the changes that undo takes back.

CREATE TABLE managers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  handle TEXT NOT NULL UNIQUE, name TEXT NOT NULL, team TEXT, email TEXT, likes TEXT, on_their_plate TEXT,
  public_praise_ok INTEGER CHECK (public_praise_ok IN (0, 1)), archived_at TEXT, created_at TEXT NOT NULL
) STRICT;

CREATE TABLE reqs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id), title TEXT NOT NULL,
  opened_on TEXT NOT NULL, closed_on TEXT, tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX reqs_by_manager ON reqs(manager_id);

-- happened_at is UTC, utc_offset the seconds of the place, happened_on the local day that was meant
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id), kind TEXT NOT NULL,
  size TEXT NOT NULL DEFAULT 'm' CHECK (size IN ('s', 'm', 'l')),
  happened_at TEXT NOT NULL, utc_offset INTEGER NOT NULL, happened_on TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '', did TEXT, changed TEXT, channel TEXT,
  req_id INTEGER REFERENCES reqs(id), approach TEXT CHECK (approach IN ('push', 'pull')),
  tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  evidence INTEGER NOT NULL DEFAULT 1 CHECK (evidence IN (0, 1)),
  repaired_by INTEGER REFERENCES entries(id) ON DELETE SET NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_time ON entries(happened_at, id);
CREATE INDEX entries_by_manager ON entries(manager_id, happened_at, id);
CREATE INDEX entries_by_kind ON entries(kind, happened_at, id);
CREATE INDEX entries_by_req ON entries(req_id, happened_at) WHERE req_id IS NOT NULL;
CREATE INDEX entries_repaired ON entries(repaired_by) WHERE repaired_by IS NOT NULL;
-- covers all that the trust model reads
CREATE INDEX entries_for_trust ON entries(manager_id, happened_on, kind, size, evidence, repaired_by, happened_at);

-- an index of entries.tags, kept by triggers
CREATE TABLE entry_tags (
  tag TEXT NOT NULL, entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
  PRIMARY KEY (tag, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_tags_by_entry ON entry_tags(entry_id);

CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id),
  state TEXT NOT NULL CHECK (state IN ('draft', 'prepared', 'debriefed', 'closed')),
  minutes INTEGER NOT NULL, planned_for TEXT, about TEXT, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_by_manager ON conversations(manager_id, state);

-- one sitting down to a part of a conversation; several check-ins may belong to one
CREATE TABLE sittings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('prep', 'debrief', 'checkin')),
  happened_on TEXT NOT NULL, minutes INTEGER NOT NULL,
  finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1))
) STRICT;
CREATE INDEX sittings_by_conversation ON sittings(conversation_id);

-- two drawers of the same shape: what belongs to the work, and what belongs to the recruiter alone
CREATE TABLE answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sitting_id INTEGER NOT NULL REFERENCES sittings(id) ON DELETE CASCADE,
  field TEXT NOT NULL, value TEXT NOT NULL CHECK (json_valid(value)), UNIQUE (sitting_id, field)
) STRICT;
CREATE TABLE reflections (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sitting_id INTEGER NOT NULL REFERENCES sittings(id) ON DELETE CASCADE,
  field TEXT NOT NULL, value TEXT NOT NULL CHECK (json_valid(value)), UNIQUE (sitting_id, field)
) STRICT;
-- the questions answered with yes, or that the recruiter lifted the restriction
CREATE TABLE boundary_checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, manager_id INTEGER NOT NULL REFERENCES managers(id),
  happened_on TEXT NOT NULL, answers TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(answers)),
  cleared INTEGER NOT NULL DEFAULT 0 CHECK (cleared IN (0, 1)),
  finished INTEGER NOT NULL DEFAULT 1 CHECK (finished IN (0, 1))
) STRICT;
CREATE INDEX boundary_checks_by_manager ON boundary_checks(manager_id);
-- what I promised and what I asked for, and everything that happened to it
CREATE TABLE commitments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
  manager_id INTEGER NOT NULL REFERENCES managers(id), owed_by TEXT NOT NULL CHECK (owed_by IN ('me', 'them')),
  what TEXT NOT NULL, purpose TEXT NOT NULL, req_id INTEGER REFERENCES reqs(id), created_at TEXT NOT NULL
) STRICT;
CREATE INDEX commitments_by_manager ON commitments(manager_id);
CREATE TABLE commitment_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  commitment_id INTEGER NOT NULL REFERENCES commitments(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('given', 'moved', 'at-risk', 'settled')),
  happened_at TEXT NOT NULL, due_at TEXT,
  outcome TEXT CHECK (outcome IN ('kept', 'late', 'missed', 'withdrawn')),
  note TEXT, entry_id INTEGER REFERENCES entries(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX commitment_events_by_commitment ON commitment_events(commitment_id, kind);
CREATE INDEX commitment_events_by_entry ON commitment_events(entry_id) WHERE entry_id IS NOT NULL;

CREATE TABLE profile (
  id INTEGER PRIMARY KEY AUTOINCREMENT, field TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;

CREATE TABLE changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, at TEXT NOT NULL, summary TEXT NOT NULL
) STRICT;
CREATE TABLE undo_rows (
  id INTEGER PRIMARY KEY AUTOINCREMENT, change_id INTEGER NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
  tbl TEXT NOT NULL, op TEXT NOT NULL CHECK (op IN ('insert', 'update', 'delete')),
  first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, image TEXT
) STRICT;
CREATE INDEX undo_rows_by_change ON undo_rows(change_id);
-- the change that is being written, inside its own transaction; else NULL
CREATE TABLE recording (id INTEGER PRIMARY KEY CHECK (id = 1), change_id INTEGER) STRICT;
INSERT INTO recording VALUES (1, NULL);
