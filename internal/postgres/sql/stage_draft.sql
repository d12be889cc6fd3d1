CREATE TEMPORARY TABLE staged_draft (
    row integer NOT NULL, code text NOT NULL, label text NOT NULL, wire bytea NOT NULL, attributes jsonb NOT NULL,
    hash bytea GENERATED ALWAYS AS (sha256(wire)) STORED, geom geometry GENERATED ALWAYS AS (ST_GeomFromEWKB(wire)) STORED
) ON COMMIT DROP
