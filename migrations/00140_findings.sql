-- Findings in land (数据核查): what named rules find wrong with parcels, recovered land and figures. They follow from the state, are kept
-- up to date by whoever reads them, made anew every night, and are not journalled; what a person says of one, a waiver, is.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE finding (
    rule     text        NOT NULL,
    one      bigint      NOT NULL,
    other    bigint      NOT NULL DEFAULT 0,
    noun     text        NOT NULL CONSTRAINT finding_noun_known CHECK (noun IN ('case', 'parcel')),
    area     bigint      NOT NULL CONSTRAINT finding_area_not_negative CHECK (area >= 0),
    ground   geometry(MultiPolygon, 4490) NOT NULL,
    found_at timestamptz NOT NULL,
    CONSTRAINT finding_pk PRIMARY KEY (rule, one, other)
);
COMMENT ON TABLE finding IS 'What a rule finds wrong with a case or parcel, or with two; derived from the state at finding_state.revision';
COMMENT ON COLUMN finding.other IS 'The second of the pair, a unit where land leaves it, 0 for none; ids of all nouns come from one sequence';
COMMENT ON COLUMN finding.ground IS 'The ground that is wrong, as a whole where no part of it is';
CREATE INDEX finding_one_idx ON finding (one);
CREATE INDEX finding_other_idx ON finding (other);

CREATE TABLE finding_state (
    single   boolean NOT NULL DEFAULT true CONSTRAINT finding_state_pk PRIMARY KEY CONSTRAINT finding_state_single CHECK (single),
    revision bigint  NOT NULL
);
COMMENT ON TABLE finding_state IS 'The revision that the findings have; who brings them up to date holds its row';
SET LOCAL guatu.context = 'program';
INSERT INTO finding_state (revision) VALUES (0);

CREATE TABLE finding_run (
    due      date        NOT NULL CONSTRAINT finding_run_pk PRIMARY KEY,
    began    timestamptz NOT NULL,
    ended    timestamptz,
    findings bigint      NOT NULL DEFAULT 0,
    strayed  bigint      NOT NULL DEFAULT 0
);
COMMENT ON TABLE finding_run IS 'The nightly checks, one a day: who enters the day makes it';
COMMENT ON COLUMN finding_run.strayed IS 'Findings that were not known before, or were none any more: what came in past the program';

CREATE TABLE waiver (
    id      bigint NOT NULL CONSTRAINT waiver_pk PRIMARY KEY,
    version bigint NOT NULL CONSTRAINT waiver_version_positive CHECK (version > 0),
    rule    text   NOT NULL,
    one     bigint NOT NULL,
    other   bigint NOT NULL DEFAULT 0,
    area    bigint NOT NULL,
    reason  text   NOT NULL CONSTRAINT waiver_has_reason CHECK (reason <> ''),
    author  text   NOT NULL,
    made_at timestamptz NOT NULL,
    batch   uuid   NOT NULL,
    CONSTRAINT waiver_finding_unique UNIQUE (rule, one, other)
);
COMMENT ON COLUMN waiver.batch IS 'By which it is taken back';
COMMENT ON TABLE waiver IS 'A finding that somebody lets be, with the reason; it holds as long as the finding does not grow';

ALTER TABLE finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding FORCE ROW LEVEL SECURITY;
ALTER TABLE finding_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding_state FORCE ROW LEVEL SECURITY;
ALTER TABLE finding_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding_run FORCE ROW LEVEL SECURITY;
ALTER TABLE waiver ENABLE ROW LEVEL SECURITY;
ALTER TABLE waiver FORCE ROW LEVEL SECURITY;

CREATE POLICY app_select ON finding FOR SELECT TO guatu_app USING ((SELECT guatu.whole()));
CREATE POLICY app_insert ON finding FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.context_is('program')));
CREATE POLICY app_update ON finding FOR UPDATE TO guatu_app USING ((SELECT guatu.context_is('program')));
CREATE POLICY app_delete ON finding FOR DELETE TO guatu_app USING ((SELECT guatu.context_is('program')));
CREATE POLICY reader_select ON finding FOR SELECT TO guatu_reader USING ((SELECT guatu.context_is('memory')));
CREATE POLICY app_all ON finding_state TO guatu_app USING ((SELECT guatu.context_is('program')));
CREATE POLICY app_all ON finding_run TO guatu_app USING ((SELECT guatu.context_is('program')));
CREATE POLICY reader_select ON finding_run FOR SELECT TO guatu_reader USING ((SELECT guatu.context_is('memory')));
CREATE POLICY app_select ON waiver FOR SELECT TO guatu_app USING ((SELECT guatu.whole()));
CREATE POLICY app_insert ON waiver FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
CREATE POLICY app_update ON waiver FOR UPDATE TO guatu_app USING ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
CREATE POLICY app_delete ON waiver FOR DELETE TO guatu_app USING ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
CREATE POLICY reader_select ON waiver FOR SELECT TO guatu_reader USING ((SELECT guatu.context_is('memory')));

GRANT SELECT, INSERT, UPDATE, DELETE ON finding, waiver TO guatu_app;
GRANT SELECT, UPDATE ON finding_state TO guatu_app;
GRANT SELECT, INSERT, UPDATE ON finding_run TO guatu_app;
GRANT SELECT ON finding, finding_run, waiver TO guatu_reader;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TABLE waiver, finding_run, finding_state, finding;
RESET ROLE;
