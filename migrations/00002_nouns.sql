-- The state: what is true now. Every row is written by internal/ledger together with its journal entry.
-- Areas are integers of 0.0001 m². Geometry lives in shape, append-only, known by the hash of its EWKB.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE SEQUENCE noun_id_seq AS bigint;

CREATE TABLE campaign (
    id         bigint NOT NULL CONSTRAINT campaign_pk PRIMARY KEY,
    version    bigint NOT NULL CONSTRAINT campaign_version_positive CHECK (version > 0),
    code       text   NOT NULL CONSTRAINT campaign_code_unique UNIQUE,
    definition jsonb  NOT NULL,
    next_case  bigint NOT NULL DEFAULT 1 CONSTRAINT campaign_next_case_positive CHECK (next_case > 0)
);
COMMENT ON COLUMN campaign.definition IS 'Names, tracks, milestones, slots, clock: data, checked by internal/campaign';
COMMENT ON COLUMN campaign.next_case IS 'Counter of case codes; not part of the journalled state';

CREATE TABLE shape (
    hash       bytea NOT NULL CONSTRAINT shape_pk PRIMARY KEY,
    geom       geometry(MultiPolygon, 4490) NOT NULL,
    area       bigint NOT NULL CONSTRAINT shape_area_not_negative CHECK (area >= 0),
    plane_area bigint NOT NULL CONSTRAINT shape_plane_area_not_negative CHECK (plane_area >= 0),
    CONSTRAINT shape_hash_is_sha256 CHECK (length(hash) = 32)
);
COMMENT ON COLUMN shape.hash IS 'SHA-256 of the little-endian EWKB';
COMMENT ON COLUMN shape.area IS 'Geodesic on the CGCS2000 ellipsoid, 0.0001 m²';
COMMENT ON COLUMN shape.plane_area IS 'In the plane of EPSG:4549, 0.0001 m²';
CREATE INDEX shape_geom_gist ON shape USING gist (geom);

CREATE TABLE unit (
    id          bigint NOT NULL CONSTRAINT unit_pk PRIMARY KEY,
    version     bigint NOT NULL CONSTRAINT unit_version_positive CHECK (version > 0),
    campaign_id bigint NOT NULL CONSTRAINT unit_campaign_fk REFERENCES campaign,
    code        text NOT NULL CONSTRAINT unit_code_plain CHECK (code ~ '^[a-z0-9_]{1,40}$'),
    sort        integer NOT NULL,
    name_zh     text NOT NULL, name_en  text NOT NULL,
    short_zh    text NOT NULL, short_en text NOT NULL,
    outside     boolean NOT NULL DEFAULT false,
    shape       bytea CONSTRAINT unit_shape_fk REFERENCES shape,
    CONSTRAINT unit_code_unique UNIQUE (campaign_id, code)
);
COMMENT ON COLUMN unit.outside IS 'Part of the district outside the campaign: drawn hatched, carries no figures';
CREATE INDEX unit_shape_idx ON unit (shape);

CREATE TABLE person (
    id      bigint NOT NULL CONSTRAINT person_pk PRIMARY KEY,
    version bigint NOT NULL CONSTRAINT person_version_positive CHECK (version > 0),
    code    text NOT NULL CONSTRAINT person_code_unique UNIQUE CONSTRAINT person_code_plain CHECK (code ~ '^[a-z0-9_]{1,40}$'),
    sort    integer NOT NULL,
    name    text NOT NULL,
    role    text NOT NULL,
    unit_id bigint CONSTRAINT person_unit_fk REFERENCES unit
);
CREATE INDEX person_unit_idx ON person (unit_id);

CREATE TABLE parcel (
    id         bigint NOT NULL CONSTRAINT parcel_pk PRIMARY KEY,
    version    bigint NOT NULL CONSTRAINT parcel_version_positive CHECK (version > 0),
    code       text NOT NULL CONSTRAINT parcel_code_unique UNIQUE,
    label      text NOT NULL,
    unit_id    bigint CONSTRAINT parcel_unit_fk REFERENCES unit,
    shape      bytea NOT NULL CONSTRAINT parcel_shape_fk REFERENCES shape,
    attributes jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN parcel.code IS 'Stable: a second import finds the parcel again by it';
CREATE INDEX parcel_shape_idx ON parcel (shape);
CREATE INDEX parcel_unit_idx ON parcel (unit_id);

CREATE TABLE case_file (
    id          bigint NOT NULL CONSTRAINT case_file_pk PRIMARY KEY,
    version     bigint NOT NULL CONSTRAINT case_file_version_positive CHECK (version > 0),
    campaign_id bigint NOT NULL CONSTRAINT case_file_campaign_fk REFERENCES campaign,
    track       text NOT NULL,
    code        text NOT NULL,
    label       text NOT NULL,
    unit_id     bigint NOT NULL CONSTRAINT case_file_unit_fk REFERENCES unit,
    responsible text NOT NULL DEFAULT '',
    note        text NOT NULL DEFAULT '',
    stage       smallint NOT NULL CONSTRAINT case_file_stage_slot CHECK (stage BETWEEN 1 AND 9),
    next        text,
    deadline    date,
    CONSTRAINT case_file_code_unique UNIQUE (campaign_id, code)
);
COMMENT ON TABLE case_file IS 'A case (一企一档); stage, next and deadline are derived by internal/campaign';
CREATE INDEX case_file_unit_idx ON case_file (unit_id);

CREATE TABLE milestone (
    case_id       bigint NOT NULL CONSTRAINT milestone_case_fk REFERENCES case_file ON DELETE CASCADE,
    code          text NOT NULL,
    plan_on       date,
    plan_original date,
    done_on       date,
    not_applicable boolean NOT NULL DEFAULT false,
    reason        text NOT NULL DEFAULT '',
    note          text NOT NULL DEFAULT '',
    actor         text NOT NULL DEFAULT '',
    CONSTRAINT milestone_pk PRIMARY KEY (case_id, code),
    CONSTRAINT milestone_done_or_not_applicable CHECK (NOT (not_applicable AND done_on IS NOT NULL)),
    CONSTRAINT milestone_not_applicable_has_reason CHECK (NOT not_applicable OR reason <> '')
);

CREATE TABLE case_parcel (
    case_id   bigint NOT NULL CONSTRAINT case_parcel_case_fk REFERENCES case_file ON DELETE CASCADE,
    parcel_id bigint NOT NULL CONSTRAINT case_parcel_parcel_fk REFERENCES parcel,
    share     bigint NOT NULL CONSTRAINT case_parcel_share_not_negative CHECK (share >= 0),
    CONSTRAINT case_parcel_pk PRIMARY KEY (case_id, parcel_id)
);
COMMENT ON COLUMN case_parcel.share IS 'Land of the parcel that this case counts, 0.0001 m²; 0: the case only counts as a firm (只计家数)';
CREATE INDEX case_parcel_parcel_idx ON case_parcel (parcel_id);

GRANT USAGE ON SEQUENCE noun_id_seq TO guatu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON campaign, unit, person, parcel, case_file, milestone, case_parcel TO guatu_app;
GRANT SELECT, INSERT ON shape TO guatu_app;
GRANT SELECT ON campaign, unit, parcel, shape, case_parcel TO guatu_reader;
GRANT SELECT (id, version, campaign_id, track, code, label, unit_id, stage, next, deadline) ON case_file TO guatu_reader;
RESET ROLE;

-- +goose Down
SET LOCAL search_path = guatu, public;
DROP TABLE case_parcel, milestone, case_file, parcel, person, unit, shape, campaign;
DROP SEQUENCE noun_id_seq;
