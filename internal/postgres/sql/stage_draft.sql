-- attributes is json, not jsonb: the text is canonical and goes into the journal as it is.
CREATE TEMPORARY TABLE staged_draft (
    row integer NOT NULL, code text NOT NULL, label text NOT NULL, wire bytea NOT NULL, area bigint NOT NULL, plane_area bigint NOT NULL, attributes json NOT NULL,
    hash bytea GENERATED ALWAYS AS (sha256(wire)) STORED, geom geometry GENERATED ALWAYS AS (ST_GeomFromEWKB(wire)) STORED
) ON COMMIT DROP
