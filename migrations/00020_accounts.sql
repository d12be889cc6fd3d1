-- Accounts, sessions and attempts to sign in. Only the role of the gate sees them: who reads or writes the campaign's data
-- cannot reach a password, and who manages accounts cannot reach the journal.
-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guatu_gate') THEN
        CREATE ROLE guatu_gate LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- roles belong to the whole server: another database's migration was a moment faster
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA guatu TO guatu_gate;
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE account (
    login        text NOT NULL CONSTRAINT account_pk PRIMARY KEY CONSTRAINT account_login_plain CHECK (login ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
    person       text NOT NULL CONSTRAINT account_person_fk REFERENCES person (code),
    password     text NOT NULL CONSTRAINT account_password_is_argon2id CHECK (password LIKE '$argon2id$%'),
    changed_at   timestamptz NOT NULL,
    must_change  boolean NOT NULL,
    disabled     boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL,
    signed_in_at timestamptz
);
COMMENT ON COLUMN account.must_change IS 'The password was given by somebody else: it is good for nothing but to change it';
CREATE INDEX account_person_idx ON account (person);

CREATE TABLE session (
    token     bytea NOT NULL CONSTRAINT session_pk PRIMARY KEY CONSTRAINT session_token_is_sha256 CHECK (length(token) = 32),
    login     text NOT NULL CONSTRAINT session_account_fk REFERENCES account,
    address   text NOT NULL,
    agent     text NOT NULL,
    began_at  timestamptz NOT NULL,
    active_at timestamptz NOT NULL
);
COMMENT ON COLUMN session.token IS 'SHA-256 of the secret in the cookie: reading this table lets nobody in';
CREATE INDEX session_login_idx ON session (login);
CREATE INDEX session_began_idx ON session (began_at);

CREATE TABLE sign_in_attempt (
    login   bytea NOT NULL,
    address text NOT NULL,
    tries   integer NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT sign_in_attempt_pk PRIMARY KEY (login, address)
);
COMMENT ON TABLE sign_in_attempt IS 'Attempts in a row, by account and address together: nobody can lock another out, and a town behind one address is not punished';
COMMENT ON COLUMN sign_in_attempt.login IS 'SHA-256 of what was typed: there are people who type their password there';
CREATE INDEX sign_in_attempt_last_idx ON sign_in_attempt (last_at);

GRANT SELECT, INSERT, UPDATE ON account TO guatu_gate;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, sign_in_attempt TO guatu_gate;
GRANT SELECT (code, name, role, unit_id) ON person TO guatu_gate;
GRANT SELECT (id, code) ON unit TO guatu_gate;
RESET ROLE;

-- +goose Down
SET LOCAL search_path = guatu, public;
DROP TABLE session, sign_in_attempt, account;
REVOKE ALL ON SCHEMA guatu FROM guatu_gate;
REVOKE ALL ON person, unit FROM guatu_gate;
