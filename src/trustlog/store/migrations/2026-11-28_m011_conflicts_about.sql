-- Where the text stood that did not stay, for a record that is gone since: [ref, manager, day] as JSON.

ALTER TABLE sync_conflicts ADD COLUMN about TEXT NOT NULL DEFAULT '[]';
