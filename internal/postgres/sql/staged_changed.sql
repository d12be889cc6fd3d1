-- What a person compares before applying: the first rows that change a parcel, as they were and as they become.
SELECT s.row, s.code, s.old_label, s.label, coalesce(o.code, ''), coalesce(u.code, ''), s.old_attributes, s.attributes,
    s.old_shape <> s.hash, before.area, after.area,
    CASE WHEN before.hash <> after.hash AND ST_NPoints(before.geom) <= $2 THEN ST_AsEWKB(before.geom) END,
    CASE WHEN before.hash <> after.hash AND ST_NPoints(after.geom) <= $2 THEN ST_AsEWKB(after.geom) END
FROM staged s
JOIN shape after ON after.hash = s.hash
JOIN shape before ON before.hash = s.old_shape
LEFT JOIN unit u ON u.id = s.unit_id
LEFT JOIN unit o ON o.id = s.old_unit_id
WHERE (s.label, s.hash, s.attributes::jsonb, s.unit_id) IS DISTINCT FROM (s.old_label, s.old_shape, s.old_attributes, s.old_unit_id)
ORDER BY s.row LIMIT $1
