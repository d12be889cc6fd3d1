-- What a phone sent under the rights of an earlier time, whose time nobody can confirm, is kept for a person to decide.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE quarantine ADD COLUMN why text NOT NULL DEFAULT '' CONSTRAINT quarantine_why_known CHECK (why IN ('', 'future', 'waited', 'old'));
COMMENT ON COLUMN quarantine.why IS 'Why it was kept although nothing contradicts it: what is wrong with the time it claims';
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
ALTER TABLE guatu.quarantine DROP COLUMN why;
RESET ROLE;
