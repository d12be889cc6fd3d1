SELECT c.id, c.code, coalesce(own.label, ''), c.track, u.code, c.stage, coalesce(c.next, ''), coalesce(c.deadline::text, ''), c.version,
    coalesce((SELECT sum(s.share) FROM case_parcel s WHERE s.case_id = c.id), 0)::bigint,
    c.passed, c.sides, own.id IS NULL
FROM case_parcel cp JOIN public_case c ON c.id = cp.case_id JOIN unit u ON u.id = c.unit_id
LEFT JOIN case_file own ON own.id = c.id -- another unit's is not there
WHERE cp.parcel_id = $1
ORDER BY c.stage, c.code
