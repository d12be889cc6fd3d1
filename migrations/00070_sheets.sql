-- Sheets: forms and ledgers that a campaign keeps for its cases, enterprises, areas and units. What they hold is data of the campaign.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE sheet (
    id      bigint NOT NULL CONSTRAINT sheet_pk PRIMARY KEY,
    version bigint NOT NULL CONSTRAINT sheet_version_positive CHECK (version > 0),
    code    text   NOT NULL,
    noun    text   NOT NULL CONSTRAINT sheet_noun_known CHECK (noun IN ('case', 'enterprise', 'reference', 'unit')),
    noun_id bigint NOT NULL,
    single  boolean NOT NULL,
    unit_id bigint CONSTRAINT sheet_unit_fk REFERENCES unit,
    filled  jsonb  NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE sheet IS 'A form of a noun, or one row of its ledger; internal/campaign says what a code means and checks every value';
COMMENT ON COLUMN sheet.noun_id IS 'Id of what it belongs to; kept by internal/ledger, which locks it';
COMMENT ON COLUMN sheet.single IS 'One for each noun; the index holds it';
CREATE UNIQUE INDEX sheet_single_unique ON sheet (noun, noun_id, code) WHERE single;
CREATE INDEX sheet_noun_idx ON sheet (noun, noun_id);
CREATE INDEX sheet_code_idx ON sheet (code);
CREATE INDEX sheet_unit_idx ON sheet (unit_id);

-- Only the application reads and writes sheets: the map and its reader never see them.
ALTER TABLE sheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE sheet FORCE ROW LEVEL SECURITY;
CREATE POLICY sheet_app ON sheet TO guatu_app USING (true) WITH CHECK (true);
CREATE POLICY sheet_backup ON sheet FOR SELECT TO guatu_backup USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sheet TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL search_path = guatu, public;
DROP TABLE sheet;
