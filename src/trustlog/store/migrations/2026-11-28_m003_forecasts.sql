-- How sure the recruiter was of an answer in time, in percent: of the second drawer.

CREATE TABLE forecasts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  commitment_id INTEGER NOT NULL REFERENCES commitments(id) ON DELETE CASCADE,
  sure INTEGER NOT NULL CHECK (sure BETWEEN 0 AND 100)
) STRICT;
CREATE INDEX forecasts_by_commitment ON forecasts(commitment_id);
