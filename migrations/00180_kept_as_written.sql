-- What contradicts is kept as it was written. As jsonb it came back with its keys in another order, and verify found that the
-- state of a contradicting milestone was not what the journal says.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

ALTER TABLE quarantine ALTER COLUMN standing TYPE json USING standing::json, ALTER COLUMN kept TYPE json USING kept::json;
ALTER TABLE quarantine NO FORCE ROW LEVEL SECURITY; -- the owner may not change rows, and those of before must be as the journal has them
UPDATE quarantine q SET standing = j.body::json #> '{after,standing}', kept = j.body::json #> '{after,kept}'
FROM journal j WHERE j.noun = 'quarantine' AND j.noun_id = q.id AND j.version = 1;
ALTER TABLE quarantine FORCE ROW LEVEL SECURITY;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
ALTER TABLE guatu.quarantine ALTER COLUMN standing TYPE jsonb USING standing::jsonb, ALTER COLUMN kept TYPE jsonb USING kept::jsonb;
RESET ROLE;
