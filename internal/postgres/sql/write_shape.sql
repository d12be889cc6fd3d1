INSERT INTO shape (hash, geom, area, plane_area)
SELECT sha256($1::bytea), g.geom, round(ST_Area(g.geom::geography) * 10000), round(ST_Area(ST_Transform(g.geom, 4549)) * 10000)
FROM (SELECT ST_GeomFromEWKB($1::bytea) AS geom) g
ON CONFLICT ON CONSTRAINT shape_pk DO NOTHING
