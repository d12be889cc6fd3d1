-- The first rows that make a parcel.
SELECT s.row, s.code, s.label, coalesce(u.code, ''), h.area, CASE WHEN ST_NPoints(h.geom) <= $2 THEN ST_AsEWKB(h.geom) END
FROM staged s JOIN shape h ON h.hash = s.hash LEFT JOIN unit u ON u.id = s.unit_id
WHERE s.old_id IS NULL ORDER BY s.row LIMIT $1
