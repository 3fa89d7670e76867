-- What undo took back stays until something else is written, so that it can be done again.

ALTER TABLE changes ADD COLUMN undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1));
CREATE INDEX changes_undone ON changes(undone) WHERE undone = 1;
