SELECT c.id, c.code, c.label, c.track, u.code, c.stage, coalesce(c.next, ''), coalesce(c.deadline::text, ''), c.version,
    coalesce((SELECT sum(s.share) FROM case_parcel s WHERE s.case_id = c.id), 0)::bigint,
    coalesce(now.passed, '{}'), ARRAY(SELECT jsonb_object_keys(now.sides) ORDER BY 1)
FROM case_parcel cp JOIN case_file c ON c.id = cp.case_id JOIN unit u ON u.id = c.unit_id
LEFT JOIN case_history now ON now.case_id = c.id AND now.to_rev IS NULL
WHERE cp.parcel_id = $1
ORDER BY c.stage, c.code
