-- In the order of the index; one import at a time writes shapes, so nobody else's row can be in the way.
INSERT INTO shape (hash, geom, area, plane_area)
SELECT DISTINCT ON (d.hash) d.hash, d.geom, d.area, d.plane_area
FROM staged_draft d WHERE NOT EXISTS (SELECT FROM shape s WHERE s.hash = d.hash)
ORDER BY d.hash
