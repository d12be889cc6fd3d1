INSERT INTO shape (hash, geom, area, plane_area)
VALUES (sha256($1::bytea), ST_GeomFromEWKB($1::bytea), $2, $3)
ON CONFLICT ON CONSTRAINT shape_pk DO NOTHING
