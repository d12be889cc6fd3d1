-- Merging duplicate enterprises: the one that was merged stays, names the one that it is, and counts nothing.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE enterprise
    ADD COLUMN merged_into bigint CONSTRAINT enterprise_merged_into_fk REFERENCES enterprise
        CONSTRAINT enterprise_merged_into_another CHECK (merged_into <> id);
COMMENT ON COLUMN enterprise.merged_into IS 'The enterprise that this one is, entered twice; NULL: it stands for itself';
CREATE INDEX enterprise_merged_into_idx ON enterprise (merged_into);
GRANT SELECT (merged_into) ON enterprise TO guatu_reader;
-- A merge may exchange the contacts of the two: only then the check waits for the end of the transaction.
ALTER TABLE contact DROP CONSTRAINT contact_enterprise_unique,
    ADD CONSTRAINT contact_enterprise_unique UNIQUE (enterprise_id) DEFERRABLE INITIALLY IMMEDIATE;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE contact DROP CONSTRAINT contact_enterprise_unique, ADD CONSTRAINT contact_enterprise_unique UNIQUE (enterprise_id);
REVOKE SELECT (merged_into) ON enterprise FROM guatu_reader;
ALTER TABLE enterprise DROP COLUMN merged_into;
RESET ROLE;
