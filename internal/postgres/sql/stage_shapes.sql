INSERT INTO shape (hash, geom, area, plane_area)
SELECT d.hash, d.geom, d.area, d.plane_area FROM staged_draft d WHERE NOT EXISTS (SELECT FROM shape s WHERE s.hash = d.hash)
ON CONFLICT ON CONSTRAINT shape_pk DO NOTHING
