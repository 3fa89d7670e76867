-- Every part, check and draft has a uid of its own.

-- a part's uid begins with its place within its record, so that its order is the same in every copy of the journal;
-- what is there gets one that follows from the record, so that two copies of one journal give it the same
ALTER TABLE commitment_events ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE commitment_events SET uid = n.uid FROM (
  SELECT p.id, printf('%06d-', row_number() OVER (PARTITION BY p.commitment_id ORDER BY p.id)) || o.uid AS uid
  FROM commitment_events p JOIN commitments o ON o.id = p.commitment_id) n WHERE n.id = commitment_events.id;
CREATE UNIQUE INDEX commitment_events_by_uid ON commitment_events(uid);

ALTER TABLE forecasts ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE forecasts SET uid = n.uid FROM (
  SELECT p.id, printf('%06d-', row_number() OVER (PARTITION BY p.commitment_id ORDER BY p.id)) || o.uid AS uid
  FROM forecasts p JOIN commitments o ON o.id = p.commitment_id) n WHERE n.id = forecasts.id;
CREATE UNIQUE INDEX forecasts_by_uid ON forecasts(uid);

ALTER TABLE agreement_events ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE agreement_events SET uid = n.uid FROM (
  SELECT p.id, printf('%06d-', row_number() OVER (PARTITION BY p.agreement_id ORDER BY p.id)) || o.uid AS uid
  FROM agreement_events p JOIN agreements o ON o.id = p.agreement_id) n WHERE n.id = agreement_events.id;
CREATE UNIQUE INDEX agreement_events_by_uid ON agreement_events(uid);

ALTER TABLE sittings ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE sittings SET uid = n.uid FROM (
  SELECT p.id, printf('%06d-', row_number() OVER (PARTITION BY p.conversation_id ORDER BY p.id)) || o.uid AS uid
  FROM sittings p JOIN conversations o ON o.id = p.conversation_id) n WHERE n.id = sittings.id;
CREATE UNIQUE INDEX sittings_by_uid ON sittings(uid);

ALTER TABLE boundary_checks ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE boundary_checks SET uid = n.uid FROM (
  SELECT p.id, printf('%06d-', row_number() OVER (PARTITION BY p.manager_id ORDER BY p.id)) || o.uid AS uid
  FROM boundary_checks p JOIN managers o ON o.id = p.manager_id) n WHERE n.id = boundary_checks.id;
CREATE UNIQUE INDEX boundary_checks_by_uid ON boundary_checks(uid);

ALTER TABLE drafts ADD COLUMN uid TEXT NOT NULL DEFAULT '';
UPDATE drafts SET uid = n.uid FROM (
  SELECT p.id, printf('%06d-', row_number() OVER (PARTITION BY p.manager_id ORDER BY p.id)) || o.uid AS uid
  FROM drafts p JOIN managers o ON o.id = p.manager_id) n WHERE n.id = drafts.id;
CREATE UNIQUE INDEX drafts_by_uid ON drafts(uid);
