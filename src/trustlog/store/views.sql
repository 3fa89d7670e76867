-- Views for whoever opens the journal with another program. The texts stand in journals, and doctor compares them.

CREATE VIEW v_timeline AS
SELECT e.id, m.handle AS manager, m.name, e.happened_on AS day,
  strftime('%H:%M', e.happened_at, e.utc_offset || ' seconds') AS time,
  e.kind, e.size, e.note, e.did, e.changed, e.channel, r.code AS req, e.approach, e.tags, e.evidence,
  e.repaired_by IS NOT NULL AS repaired
FROM entries e JOIN managers m ON m.id = e.manager_id LEFT JOIN reqs r ON r.id = e.req_id
ORDER BY e.happened_at DESC, e.id DESC;

-- Weights are one JSON text, which costs every opening of a journal less than rows of VALUES would;
-- the k-th largest of a day counts 1 / 2^k, the default burst discount; from the 62nd on that is no number any more.

CREATE VIEW v_trust_daily AS
WITH weights AS (
  SELECT k.key AS kind, f.key AS facet, s.key AS sign, k.value AS weight
  FROM json_each('{weights}') f, json_each(f.value) s, json_each(s.value) k),
atoms AS (
  SELECT e.id, e.manager_id, e.happened_on AS day, w.facet, w.sign,
    w.weight * CASE e.size {sizes} END * iif(w.sign = '-' AND e.repaired_by IS NOT NULL, {repaired}, 1) AS weight
  FROM entries e JOIN weights w ON w.kind = e.kind WHERE e.evidence = 1),
bursts AS (
  SELECT *, row_number() OVER (PARTITION BY manager_id, day, facet, sign ORDER BY weight DESC, id) - 1 AS place
  FROM atoms)
SELECT m.handle AS manager, b.day, b.facet, b.sign, sum(b.weight / (1 << b.place)) AS weight
FROM bursts b JOIN managers m ON m.id = b.manager_id WHERE b.place < 62
GROUP BY m.handle, b.day, b.facet, b.sign;
