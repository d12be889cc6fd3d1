-- Tokens: ways in that are not a password. Wall screens, programs, phones; and the codes by which phones are enrolled.
-- Only the role of the gate reaches them, and only their SHA-256 is kept.
-- A wall sees what everybody sees, as an operator of a park does: it is nobody's screen.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE token (
    id         bigint NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT token_pk PRIMARY KEY,
    kind       text NOT NULL CONSTRAINT token_kind_known CHECK (kind IN ('wall', 'api', 'device')),
    hash       bytea NOT NULL CONSTRAINT token_hash_unique UNIQUE CONSTRAINT token_hash_is_sha256 CHECK (length(hash) = 32),
    name       text NOT NULL CONSTRAINT token_name_short CHECK (char_length(name) BETWEEN 1 AND 60),
    login      text NOT NULL CONSTRAINT token_account_fk REFERENCES account,
    made_by    text NOT NULL,
    unit       text NOT NULL DEFAULT '',
    may_change boolean NOT NULL DEFAULT false,
    networks   cidr[] NOT NULL DEFAULT '{}',
    made_at    timestamptz NOT NULL,
    expires_at timestamptz,
    used_at    timestamptz,
    used_from  text NOT NULL DEFAULT '',
    revoked_at timestamptz,
    revoked_by text NOT NULL DEFAULT '',
    CONSTRAINT token_wall_only_shows CHECK (kind <> 'wall' OR NOT may_change),
    CONSTRAINT token_of_programs_and_phones_ends CHECK (kind = 'wall' OR expires_at IS NOT NULL)
);
COMMENT ON COLUMN token.hash IS 'SHA-256 of the token: reading this table lets nobody in';
COMMENT ON COLUMN token.login IS 'Whose rights an api or device token has; who made it, of a wall';
COMMENT ON COLUMN token.unit IS 'Code of the one unit that is shown (wall) or worked on (api); empty: all that the owner may';
CREATE INDEX token_login_idx ON token (login);

CREATE TABLE enrolment (
    code       bytea NOT NULL CONSTRAINT enrolment_pk PRIMARY KEY CONSTRAINT enrolment_code_is_sha256 CHECK (length(code) = 32),
    login      text NOT NULL CONSTRAINT enrolment_account_fk REFERENCES account,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE enrolment IS 'Codes on the screen that a phone reads; a row goes when its code is used';
CREATE INDEX enrolment_login_idx ON enrolment (login);

ALTER TABLE token ENABLE ROW LEVEL SECURITY;
ALTER TABLE token FORCE ROW LEVEL SECURITY;
ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE enrolment FORCE ROW LEVEL SECURITY;
CREATE POLICY gate_select ON token FOR SELECT TO guatu_gate USING ((SELECT context_is('gate')));
CREATE POLICY gate_insert ON token FOR INSERT TO guatu_gate WITH CHECK ((SELECT context_is('gate')));
CREATE POLICY gate_update ON token FOR UPDATE TO guatu_gate USING ((SELECT context_is('gate'))) WITH CHECK ((SELECT context_is('gate')));
CREATE POLICY gate_select ON enrolment FOR SELECT TO guatu_gate USING ((SELECT context_is('gate')));
CREATE POLICY gate_insert ON enrolment FOR INSERT TO guatu_gate WITH CHECK ((SELECT context_is('gate')));
CREATE POLICY gate_delete ON enrolment FOR DELETE TO guatu_gate USING ((SELECT context_is('gate')));
GRANT SELECT, INSERT, UPDATE (used_at, used_from, expires_at, revoked_at, revoked_by) ON token TO guatu_gate;
GRANT SELECT, INSERT, DELETE ON enrolment TO guatu_gate;

CREATE OR REPLACE FUNCTION whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(3) = '' AND context_part(2) NOT IN ('', 'park', 'wall'));

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION own_units() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ -- not sql: that would be planned anew at each call
DECLARE
    own text := guatu.context_part(3);
BEGIN
    IF own = '' OR guatu.context_part(1) <> 'person' OR guatu.context_part(2) IN ('', 'park', 'wall') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT u.id FROM guatu.unit u WHERE u.code = own);
END
$$;
-- +goose StatementEnd

CREATE OR REPLACE FUNCTION may_write() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'viewer', 'park', 'wall'));
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TABLE enrolment, token;
CREATE OR REPLACE FUNCTION whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(3) = '' AND context_part(2) NOT IN ('', 'park'));
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION own_units() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ -- not sql: that would be planned anew at each call
DECLARE
    own text := guatu.context_part(3);
BEGIN
    IF own = '' OR guatu.context_part(1) <> 'person' OR guatu.context_part(2) IN ('', 'park') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT u.id FROM guatu.unit u WHERE u.code = own);
END
$$;
-- +goose StatementEnd
CREATE OR REPLACE FUNCTION may_write() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'viewer', 'park'));
RESET ROLE;
