-- Bulletins (通报): figures frozen at the end of a day, what the units say to them, who drafted, reviewed and signed, and the files as issued.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE bulletin (
    id       bigint  NOT NULL CONSTRAINT bulletin_pk PRIMARY KEY,
    version  bigint  NOT NULL CONSTRAINT bulletin_version_positive CHECK (version > 0),
    campaign text    NOT NULL,
    monthly  boolean NOT NULL,
    number   integer NOT NULL CONSTRAINT bulletin_number_positive CHECK (number > 0),
    on_day   date    NOT NULL,
    revision bigint  NOT NULL CONSTRAINT bulletin_revision_positive CHECK (revision > 0),
    before   jsonb   NOT NULL,
    check_by date    NOT NULL,
    stage    text    NOT NULL CONSTRAINT bulletin_stage_known CHECK (stage IN ('frozen', 'drafted', 'reviewed', 'signed', 'issued')),
    outlook  text    NOT NULL,
    reason   text    NOT NULL,
    acts     jsonb   NOT NULL,
    files    jsonb   NOT NULL,
    issuing  jsonb   NOT NULL,
    CONSTRAINT bulletin_day_unique UNIQUE (campaign, monthly, on_day),
    CONSTRAINT bulletin_number_unique UNIQUE (campaign, monthly, number),
    CONSTRAINT bulletin_issued_has_files CHECK ((stage = 'issued') = (files <> '[]'::jsonb))
);
COMMENT ON TABLE bulletin IS 'An issue of the bulletin on its way; its figures are those of revision, the last one recorded by the end of on_day';
COMMENT ON COLUMN bulletin.before IS 'The issue before it, against which places move and late facts are told';
COMMENT ON COLUMN bulletin.acts IS 'Who brought it to each stage, and when';

CREATE TABLE bulletin_answer (
    id       bigint  NOT NULL CONSTRAINT bulletin_answer_pk PRIMARY KEY,
    version  bigint  NOT NULL CONSTRAINT bulletin_answer_version_positive CHECK (version > 0),
    bulletin bigint  NOT NULL,
    unit     text    NOT NULL,
    agrees   boolean NOT NULL,
    reason   text    NOT NULL CONSTRAINT bulletin_answer_objection_says_why CHECK (agrees OR reason <> ''),
    author   text    NOT NULL,
    made_at  timestamptz NOT NULL,
    reply    text    NOT NULL,
    replier  text    NOT NULL,
    CONSTRAINT bulletin_answer_unit_unique UNIQUE (bulletin, unit)
);
COMMENT ON TABLE bulletin_answer IS 'What a unit says to frozen figures, and what the office replies to an objection';

CREATE TABLE bulletin_file (
    sha256  bytea NOT NULL CONSTRAINT bulletin_file_pk PRIMARY KEY CONSTRAINT bulletin_file_is_its_hash CHECK (sha256 = sha256(content)),
    content bytea NOT NULL
);
COMMENT ON TABLE bulletin_file IS 'Files as they were issued, by their hash; bulletin.files names them';
CREATE TRIGGER bulletin_file_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bulletin_file EXECUTE FUNCTION journal_is_append_only();

-- What is issued is issued: nobody takes it back.
-- +goose StatementBegin
CREATE FUNCTION bulletin_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bulletin % has been issued', OLD.id USING ERRCODE = 'restrict_violation', CONSTRAINT = 'bulletin_stays';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER bulletin_stays BEFORE UPDATE OR DELETE ON bulletin FOR EACH ROW WHEN (OLD.stage = 'issued') EXECUTE FUNCTION bulletin_stays();

ALTER TABLE bulletin ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulletin FORCE ROW LEVEL SECURITY;
ALTER TABLE bulletin_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulletin_answer FORCE ROW LEVEL SECURITY;
ALTER TABLE bulletin_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulletin_file FORCE ROW LEVEL SECURITY;

-- +goose StatementBegin
DO $$
DECLARE
    whole  text := '(SELECT guatu.may_write()) AND (SELECT guatu.whole())';
    theirs text := '((SELECT guatu.whole()) OR (SELECT guatu.insider()) AND (SELECT guatu.own_village()) IS NULL AND unit = (SELECT guatu.context_part(3)))';
BEGIN
    EXECUTE 'CREATE POLICY app_select ON bulletin FOR SELECT TO guatu_app USING ((SELECT guatu.insider()))';
    EXECUTE format('CREATE POLICY app_insert ON bulletin FOR INSERT TO guatu_app WITH CHECK (%s)', whole);
    EXECUTE format('CREATE POLICY app_update ON bulletin FOR UPDATE TO guatu_app USING (%1$s) WITH CHECK (%1$s)', whole);
    EXECUTE format('CREATE POLICY app_delete ON bulletin FOR DELETE TO guatu_app USING (%s)', whole);
    EXECUTE format('CREATE POLICY app_select ON bulletin_answer FOR SELECT TO guatu_app USING (%s)', theirs);
    theirs := '(SELECT guatu.may_write()) AND ' || theirs;
    EXECUTE format('CREATE POLICY app_insert ON bulletin_answer FOR INSERT TO guatu_app WITH CHECK (%s)', theirs);
    EXECUTE format('CREATE POLICY app_update ON bulletin_answer FOR UPDATE TO guatu_app USING (%1$s) WITH CHECK (%1$s)', theirs);
    EXECUTE format('CREATE POLICY app_delete ON bulletin_answer FOR DELETE TO guatu_app USING (%s)', whole);
    EXECUTE 'CREATE POLICY app_select ON bulletin_file FOR SELECT TO guatu_app USING ((SELECT guatu.insider()))';
    EXECUTE 'CREATE POLICY app_insert ON bulletin_file FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.context_is(''program'')))';
END
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE, DELETE ON bulletin, bulletin_answer TO guatu_app;
GRANT SELECT, INSERT ON bulletin_file TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TABLE bulletin_file, bulletin_answer, bulletin;
DROP FUNCTION bulletin_stays;
RESET ROLE;
