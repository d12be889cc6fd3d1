INSERT INTO shape (hash, geom, area, plane_area)
SELECT d.hash, d.geom, round(ST_Area(d.geom::geography) * 10000), round(ST_Area(ST_Transform(d.geom, 4549)) * 10000)
FROM staged_draft d WHERE NOT EXISTS (SELECT FROM shape s WHERE s.hash = d.hash)
ON CONFLICT ON CONSTRAINT shape_pk DO NOTHING
