-- The colour of a parcel is that of the least advanced case on it.
SELECT p.id, p.code, coalesce(c.label, p.label), coalesce(u.code, ''), coalesce(c.stage, 0), ARRAY(SELECT case_id FROM case_parcel WHERE parcel_id = p.id ORDER BY case_id), coalesce(c.deadline::text, ''), s.area, encode(p.shape, 'hex')
FROM parcel p
JOIN shape s ON s.hash = p.shape
LEFT JOIN unit u ON u.id = p.unit_id
LEFT JOIN LATERAL (
    SELECT f.label, f.stage, f.deadline
    FROM case_parcel cp JOIN case_file f ON f.id = cp.case_id
    WHERE cp.parcel_id = p.id
    ORDER BY f.stage, f.id LIMIT 1
) c ON true
WHERE $1::bigint[] IS NULL OR p.id = ANY($1)
ORDER BY p.id
