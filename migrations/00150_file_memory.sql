-- What somebody said of the columns of a file, for the next one with the same heads. Keys of targets and units of areas: nothing of the rows.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE file_memory (
    signature text  NOT NULL CONSTRAINT file_memory_signature_is_sha256 CHECK (signature ~ '^[0-9a-f]{64}$'),
    unit      text  NOT NULL,
    said      jsonb NOT NULL,
    CONSTRAINT file_memory_pk PRIMARY KEY (signature, unit)
);
COMMENT ON TABLE file_memory IS 'What columns of files with these heads are read as; no journal: it changes nothing of the campaign';
COMMENT ON COLUMN file_memory.unit IS 'Code of the unit whose people said it, empty for the district: one does not answer for the other';

ALTER TABLE file_memory ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_memory FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON file_memory FOR SELECT TO guatu_app USING ((SELECT guatu.may_write()) AND unit = (SELECT guatu.context_part(3)));
CREATE POLICY app_insert ON file_memory FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.may_write()) AND unit = (SELECT guatu.context_part(3)));
CREATE POLICY app_update ON file_memory FOR UPDATE TO guatu_app
    USING ((SELECT guatu.may_write()) AND unit = (SELECT guatu.context_part(3))) WITH CHECK ((SELECT guatu.may_write()) AND unit = (SELECT guatu.context_part(3)));
GRANT SELECT, INSERT, UPDATE (said) ON file_memory TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
DROP TABLE guatu.file_memory;
RESET ROLE;
