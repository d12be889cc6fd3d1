WITH found AS (
    SELECT c.id, c.code, c.label, c.track, u.code AS unit, c.stage, coalesce(c.next, '') AS next, coalesce(c.deadline::text, '') AS deadline, c.version,
        coalesce((SELECT sum(cp.share) FROM case_parcel cp WHERE cp.case_id = c.id), 0)::bigint AS land
    FROM case_file c JOIN unit u ON u.id = c.unit_id
    WHERE ($1 = '' OR u.code = $1) AND ($2 = 0 OR c.stage = $2) AND ($6::text = '' OR c.track = $6)
      AND ($3 = '' OR strpos(lower(c.code), lower($3)) > 0 OR strpos(lower(c.label), lower($3)) > 0)
), whole AS (SELECT count(*) AS total, coalesce(sum(land), 0)::bigint AS land FROM found),
page AS (SELECT f.*, now.passed, now.sides FROM found f LEFT JOIN case_history now ON now.case_id = f.id AND now.to_rev IS NULL WHERE f.code > $4 ORDER BY f.code LIMIT $5)
SELECT w.total, w.land, p.id, p.code, p.label, p.track, p.unit, p.stage, p.next, p.deadline, p.version, p.land, p.passed, p.sides
FROM whole w LEFT JOIN page p ON true
ORDER BY p.code
