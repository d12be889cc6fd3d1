-- Servers remember for some seconds whom a session belongs to (auth.Gate). guatu_sessions tells them to forget: a session has ended, or
-- its account or person has changed. What is told says nothing; they ask again.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- +goose StatementBegin
CREATE FUNCTION sessions_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = guatu, public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('guatu_sessions', '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER session_ended AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION sessions_changed(); -- by row: a sign-in deletes what is not there
CREATE TRIGGER account_changed AFTER UPDATE OF person, password, changed_at, must_change, disabled, approved_by ON account EXECUTE FUNCTION sessions_changed();
CREATE TRIGGER person_changed AFTER UPDATE ON person EXECUTE FUNCTION sessions_changed();
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TRIGGER person_changed ON person;
DROP TRIGGER account_changed ON account;
DROP TRIGGER session_ended ON session;
DROP FUNCTION sessions_changed;
RESET ROLE;
