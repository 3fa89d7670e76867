-- What `sync` keeps once it is set up.

-- where and as whom this journal is synced: empty unless `sync init` was called
CREATE TABLE sync_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- the document in many small ones, so that one entry is given and taken without reading all
CREATE TABLE sync_updates (shard INTEGER PRIMARY KEY, state BLOB NOT NULL) STRICT;
-- records that changed here since they were last given; triggers of `sync init` write it
CREATE TABLE sync_touched (tbl TEXT NOT NULL, uid TEXT NOT NULL, PRIMARY KEY (tbl, uid)) STRICT, WITHOUT ROWID;
-- sealed files that are decided and not in the folder yet
CREATE TABLE sync_outbox (number INTEGER PRIMARY KEY, name TEXT NOT NULL, content BLOB NOT NULL) STRICT;
-- the laptops of the space: how far each was heard, and how far it had heard this one
CREATE TABLE sync_replicas (
  replica TEXT PRIMARY KEY, name TEXT NOT NULL, heard INTEGER NOT NULL, hears INTEGER NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- fields that were changed here, and the number of the file that gave them, until everybody has heard it
CREATE TABLE sync_written (
  tbl TEXT NOT NULL, uid TEXT NOT NULL, field TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (tbl, uid, field)
) STRICT, WITHOUT ROWID;
-- records of others that wait for what they belong to
CREATE TABLE sync_waiting (tbl TEXT NOT NULL, uid TEXT NOT NULL, PRIMARY KEY (tbl, uid)) STRICT, WITHOUT ROWID;
-- two records that are one, and managers who were merged: the first name leads to the other
CREATE TABLE sync_joined (tbl TEXT NOT NULL, uid TEXT NOT NULL, kept TEXT NOT NULL, PRIMARY KEY (tbl, uid))
  STRICT, WITHOUT ROWID;
-- what was decided where two laptops differed, with the text that did not stay, until it is seen
CREATE TABLE sync_conflicts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tbl TEXT NOT NULL, uid TEXT NOT NULL, field TEXT NOT NULL, value TEXT,
  why TEXT NOT NULL, replica TEXT NOT NULL
) STRICT;
