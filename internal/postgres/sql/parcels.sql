SELECT p.id, p.version, p.code, p.label, coalesce(u.code, ''), p.shape, p.attributes, s.area,
    coalesce((SELECT jsonb_object_agg(t.track, t.counted) FROM (
        SELECT c.track, sum(cp.share)::bigint AS counted FROM case_parcel cp JOIN public_case c ON c.id = cp.case_id
        WHERE cp.parcel_id = p.id GROUP BY c.track) t), '{}'),
    coalesce((SELECT array_agg(cp.case_id ORDER BY cp.case_id) FROM case_parcel cp WHERE cp.parcel_id = p.id), '{}')
FROM parcel p JOIN shape s ON s.hash = p.shape LEFT JOIN unit u ON u.id = p.unit_id
WHERE p.id = ANY($1)
