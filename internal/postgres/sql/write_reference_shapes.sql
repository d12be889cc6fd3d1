INSERT INTO reference_shape (hash, geom)
SELECT sha256(w.wire), ST_GeomFromEWKB(w.wire) FROM unnest($1::bytea[]) AS w (wire)
ON CONFLICT ON CONSTRAINT reference_shape_pk DO NOTHING
