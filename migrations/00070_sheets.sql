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

-- Only the application reads and writes sheets: the map and its reader never see them. Whose a sheet is, is whose its noun is.
ALTER TABLE sheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE sheet FORCE ROW LEVEL SECURITY;
-- +goose StatementBegin
DO $$
DECLARE
    seen text := '(SELECT guatu.whole()) OR CASE noun
        WHEN ''case'' THEN EXISTS (SELECT FROM guatu.case_file c WHERE c.id = noun_id)
        WHEN ''enterprise'' THEN EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = noun_id)
        ELSE (SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]) END';
    changed text := format('(SELECT guatu.may_write()) AND (%s)', seen);
BEGIN
    EXECUTE format('CREATE POLICY app_select ON sheet FOR SELECT TO guatu_app USING (%s)', seen);
    EXECUTE format('CREATE POLICY app_insert ON sheet FOR INSERT TO guatu_app WITH CHECK (%s)', changed);
    EXECUTE format('CREATE POLICY app_update ON sheet FOR UPDATE TO guatu_app USING (%1$s) WITH CHECK (%1$s)', changed);
    EXECUTE format('CREATE POLICY app_delete ON sheet FOR DELETE TO guatu_app USING (%s)', changed);
END
$$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE, DELETE ON sheet TO guatu_app;
-- What the journal says of a sheet is for those who see it.
CREATE POLICY app_select_sheets ON journal FOR SELECT TO guatu_app
    USING (noun = 'sheet' AND (SELECT guatu.insider()) AND EXISTS (SELECT FROM guatu.sheet s WHERE s.id = noun_id));
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP POLICY app_select_sheets ON journal;
DROP TABLE sheet;
RESET ROLE;
