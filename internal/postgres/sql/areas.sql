-- Areas of a reference layer with the parcels in them: those of which a point on the surface lies inside.
SELECT r.id, r.code, r.name, coalesce(r.attributes ->> 'unit', ''),
    coalesce(array_agg(inside.id ORDER BY inside.id) FILTER (WHERE inside.id IS NOT NULL), '{}')
FROM reference r
JOIN reference_shape s ON s.hash = r.shape
LEFT JOIN LATERAL (
    SELECT p.id FROM shape h JOIN parcel p ON p.shape = h.hash
    WHERE h.geom && s.geom AND ST_Contains(s.geom, ST_PointOnSurface(h.geom))) AS inside ON true
WHERE r.layer = $1
GROUP BY r.id, r.code, r.name, r.attributes
ORDER BY r.code
