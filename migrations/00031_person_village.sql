-- A village grid worker's area may be one village of the unit.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE person ADD COLUMN village text NOT NULL DEFAULT '' CONSTRAINT person_village_of_a_unit CHECK (village = '' OR unit_id IS NOT NULL);
COMMENT ON COLUMN person.village IS 'Code of a village of the unit; empty: the whole unit';
GRANT SELECT (village) ON person TO guatu_gate;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE person DROP COLUMN village;
RESET ROLE;
