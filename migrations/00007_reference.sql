-- Reference layers (底图要素): rivers, lakes, roads, zones. A feature is a noun of the journal; its geometry may be lines or polygons.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE reference_shape (
    hash bytea NOT NULL CONSTRAINT reference_shape_pk PRIMARY KEY,
    geom geometry(Geometry, 4490) NOT NULL,
    CONSTRAINT reference_shape_hash_is_sha256 CHECK (length(hash) = 32),
    CONSTRAINT reference_shape_lines_or_polygons CHECK (GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON', 'LINESTRING', 'MULTILINESTRING'))
);
COMMENT ON TABLE reference_shape IS 'Geometry of reference features, append-only; parcels and units have theirs, with areas, in shape';
COMMENT ON COLUMN reference_shape.hash IS 'SHA-256 of the little-endian EWKB';
CREATE INDEX reference_shape_geom_gist ON reference_shape USING gist (geom);
CREATE TRIGGER reference_shape_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reference_shape EXECUTE FUNCTION journal_is_append_only();

CREATE TABLE reference (
    id         bigint NOT NULL CONSTRAINT reference_pk PRIMARY KEY,
    version    bigint NOT NULL CONSTRAINT reference_version_positive CHECK (version > 0),
    layer      text NOT NULL CONSTRAINT reference_layer_plain CHECK (layer ~ '^[a-z0-9_]{1,40}$'),
    code       text NOT NULL CONSTRAINT reference_code_not_empty CHECK (code <> ''),
    name       text NOT NULL DEFAULT '',
    class      text NOT NULL CONSTRAINT reference_class_plain CHECK (class ~ '^[a-z0-9_]{1,40}$'),
    shape      bytea NOT NULL CONSTRAINT reference_shape_fk REFERENCES reference_shape,
    attributes jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT reference_code_unique UNIQUE (layer, code)
);
COMMENT ON COLUMN reference.layer IS 'Code of the layer: water, roads, …; a feature never changes its layer';
COMMENT ON COLUMN reference.code IS 'Stable within the layer: a later change finds the feature again by it';
CREATE INDEX reference_shape_idx ON reference (shape);

-- Which layer an entry of the journal touched, also where the feature is gone: whoever fills the map may not read bodies.
CREATE VIEW reference_change AS
SELECT j.id AS revision, j.noun_id AS reference_id, first.body::jsonb->'after'->>'layer' AS layer
FROM journal j JOIN journal first ON first.noun = j.noun AND first.noun_id = j.noun_id AND first.version = 1
WHERE j.noun = 'reference';
COMMENT ON VIEW reference_change IS 'Revisions at which reference layers changed; the first version of a feature names its layer';

GRANT SELECT, INSERT, UPDATE, DELETE ON reference TO guatu_app;
GRANT SELECT, INSERT ON reference_shape TO guatu_app;
GRANT SELECT ON reference, reference_shape, reference_change TO guatu_reader;
RESET ROLE;

-- +goose Down
SET LOCAL search_path = guatu, public;
DROP VIEW reference_change;
DROP TABLE reference, reference_shape;
