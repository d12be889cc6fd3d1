-- A few parcels of the file, evenly spread, to ask whether they lie where they belong.
SELECT s.code, h.area, ST_X(p.inside), ST_Y(p.inside)
FROM (SELECT code, hash, row_number() OVER (ORDER BY row) AS n, count(*) OVER () AS total FROM staged WHERE old_shape IS DISTINCT FROM hash) s
JOIN shape h ON h.hash = s.hash CROSS JOIN LATERAL (SELECT ST_PointOnSurface(h.geom) AS inside) p
WHERE s.n % greatest(1, s.total / $1) = 0
ORDER BY s.n LIMIT $1
