-- Who came in by another system's word (OIDC, 浙政钉) has shown no password here: its age is no reason to ask for one.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE session ADD COLUMN outside boolean NOT NULL DEFAULT false;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
ALTER TABLE guatu.session DROP COLUMN outside;
RESET ROLE;
