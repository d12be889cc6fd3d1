-- What a phone says it holds and has not sent: acts and photos, told with its own requests.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE token
    ADD COLUMN unsent integer NOT NULL DEFAULT 0 CONSTRAINT token_unsent_not_negative CHECK (unsent >= 0),
    ADD COLUMN unsent_at timestamptz,
    ADD CONSTRAINT token_unsent_of_phones CHECK (kind = 'device' OR unsent_at IS NULL);
COMMENT ON COLUMN token.unsent_at IS 'When the phone told unsent; NULL: it never did';
GRANT UPDATE (unsent, unsent_at) ON token TO guatu_gate;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
ALTER TABLE guatu.token DROP COLUMN unsent, DROP COLUMN unsent_at;
RESET ROLE;
