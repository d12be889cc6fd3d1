-- 三员: who manages accounts, who gives rights and who reads the log are three people, none of whom works on the campaign.
-- Grants keep the roles of the database apart (guatu_gate: accounts; guatu_app: people and their rights; guatu_auditor: logs);
-- the triggers here hold who may do what in each, by the person who acts (guatu.person, see acts_as).
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

-- +goose StatementBegin
CREATE FUNCTION administers(p_role text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_role IN ('sysadmin', 'secadmin', 'auditor')
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION administers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION administers TO guatu_app, guatu_gate;
GRANT EXECUTE ON FUNCTION acts_as TO guatu_gate;

ALTER TABLE account
    ADD COLUMN created_by  text NOT NULL DEFAULT 'system',
    ADD COLUMN approved_by text,
    ADD COLUMN approved_at timestamptz;
ALTER TABLE account NO FORCE ROW LEVEL SECURITY; -- the owner has no policy here, and rows of before must change
UPDATE account SET approved_by = 'system', approved_at = created_at;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
ALTER TABLE account
    ADD CONSTRAINT account_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    ADD CONSTRAINT account_four_eyes CHECK (approved_by <> created_by OR created_by = 'system');
COMMENT ON COLUMN account.approved_by IS 'Somebody else than who made it: an account nobody approved lets nobody in';

-- account_guard holds what each may do to an account. The machine's owner (guatu user) acts as system and may do all of it:
-- the three administrators themselves are made there and nowhere else.
-- +goose StatementBegin
CREATE FUNCTION account_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = guatu, public, pg_temp AS $$
DECLARE
    who   text := coalesce(current_setting('guatu.person', true), '');
    plain boolean := NOT administers((SELECT p.role FROM person p WHERE p.code = NEW.person));
    may   boolean;
BEGIN
    IF who = 'system' THEN
        RETURN NEW;
    ELSIF TG_OP = 'INSERT' THEN
        may := plain AND acts_as('sysadmin') AND NEW.created_by = who AND NEW.approved_by IS NULL AND NEW.must_change;
    ELSE
        may := (NEW.login, NEW.person, NEW.created_by, NEW.created_at) = (OLD.login, OLD.person, OLD.created_by, OLD.created_at)
            -- A password is its owner's; who manages accounts gives one that must be changed.
            AND ((NEW.password, NEW.changed_at, NEW.must_change) = (OLD.password, OLD.changed_at, OLD.must_change)
                OR who = NEW.person OR plain AND acts_as('sysadmin') AND NEW.must_change)
            AND (NEW.disabled = OLD.disabled OR plain AND acts_as('sysadmin'))
            AND (NEW.approved_by IS NOT DISTINCT FROM OLD.approved_by
                OR plain AND acts_as('secadmin') AND OLD.approved_by IS NULL AND NEW.approved_by = who);
    END IF;
    IF may THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'account % is not for % to change so', NEW.login, who USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'account_guarded';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER account_guarded BEFORE INSERT OR UPDATE ON account FOR EACH ROW EXECUTE FUNCTION account_guard();

-- An administrator is one of the three from the beginning and stays so: nobody audits what they did in another office.
-- +goose StatementBegin
CREATE FUNCTION person_administrator_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'person % cannot change between % and %', NEW.code, OLD.role, NEW.role USING ERRCODE = 'restrict_violation', CONSTRAINT = 'person_administrator_stays';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER person_administrator_stays BEFORE UPDATE ON person FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role AND (OLD.role IN ('sysadmin', 'secadmin', 'auditor') OR NEW.role IN ('sysadmin', 'secadmin', 'auditor')))
    EXECUTE FUNCTION person_administrator_stays();

ALTER TABLE person ADD CONSTRAINT person_administrator_has_no_area CHECK (NOT (role IN ('sysadmin', 'secadmin', 'auditor') AND unit_id IS NOT NULL));

-- They see nothing of the campaign; the security administrator sees people, to give them their rights.
CREATE OR REPLACE FUNCTION in_context() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('guatu.context', true), '') <> '' AND NOT (context_part(1) = 'person' AND context_part(2) IN ('sysadmin', 'auditor'));
CREATE OR REPLACE FUNCTION whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(3) = '' AND context_part(2) NOT IN ('', 'park', 'sysadmin', 'secadmin', 'auditor'));
CREATE OR REPLACE FUNCTION insider() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'park', 'sysadmin', 'secadmin', 'auditor'));
CREATE OR REPLACE FUNCTION may_write() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'viewer', 'park', 'sysadmin', 'secadmin', 'auditor'));
CREATE FUNCTION gives_rights() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'person' AND context_part(2) = 'secadmin';
DROP POLICY app_insert ON person;
DROP POLICY app_update ON person;
CREATE POLICY app_select_rights ON person FOR SELECT TO guatu_app USING ((SELECT guatu.gives_rights()));
CREATE POLICY app_insert ON person FOR INSERT TO guatu_app
    WITH CHECK ((SELECT guatu.context_is('program')) OR (SELECT guatu.gives_rights()) AND role NOT IN ('sysadmin', 'secadmin', 'auditor'));
CREATE POLICY app_update ON person FOR UPDATE TO guatu_app
    USING ((SELECT guatu.context_is('program')) OR (SELECT guatu.gives_rights()) AND role NOT IN ('sysadmin', 'secadmin', 'auditor'))
    WITH CHECK ((SELECT guatu.context_is('program')) OR (SELECT guatu.gives_rights()) AND role NOT IN ('sysadmin', 'secadmin', 'auditor'));

-- None of the three works on the campaign: of all changes only rights are given, by the security administrator.
-- +goose StatementBegin
CREATE FUNCTION operation_of_the_campaign() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$
DECLARE
    theirs text := (SELECT p.role FROM person p WHERE p.code = NEW.actor);
BEGIN
    IF theirs IN ('sysadmin', 'auditor') OR theirs = 'secadmin' AND EXISTS (
        SELECT FROM journal j WHERE j.id BETWEEN NEW.first_revision AND NEW.last_revision AND j.kind <> 'person.put') THEN
        RAISE EXCEPTION '% administers and does not work on the campaign', NEW.actor USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'administrators_stay_out';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION operation_of_the_campaign FROM PUBLIC;
CREATE TRIGGER operation_of_the_campaign BEFORE INSERT OR UPDATE ON operation FOR EACH ROW EXECUTE FUNCTION operation_of_the_campaign();
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TRIGGER operation_of_the_campaign ON operation;
DROP TRIGGER person_administrator_stays ON person;
DROP TRIGGER account_guarded ON account;
DROP FUNCTION operation_of_the_campaign(), person_administrator_stays(), account_guard(), administers;
ALTER TABLE person DROP CONSTRAINT person_administrator_has_no_area;
DROP POLICY app_select_rights ON person;
DROP POLICY app_insert ON person;
DROP POLICY app_update ON person;
DROP FUNCTION gives_rights;
CREATE POLICY app_insert ON person FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.context_is('program')));
CREATE POLICY app_update ON person FOR UPDATE TO guatu_app USING ((SELECT guatu.context_is('program'))) WITH CHECK ((SELECT guatu.context_is('program')));
CREATE OR REPLACE FUNCTION in_context() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('guatu.context', true), '') <> '';
CREATE OR REPLACE FUNCTION whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(3) = '' AND context_part(2) NOT IN ('', 'park'));
CREATE OR REPLACE FUNCTION insider() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'park'));
CREATE OR REPLACE FUNCTION may_write() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'viewer', 'park'));
ALTER TABLE account DROP COLUMN created_by, DROP COLUMN approved_by, DROP COLUMN approved_at;
RESET ROLE;
