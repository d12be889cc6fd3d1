-- Other systems that say who somebody is (OIDC, 浙政钉).
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE session ADD COLUMN outside boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN session.outside IS 'Another system said who it is: no password was shown here, and its age is no reason to ask for one';

CREATE TABLE outside_account (
    system  text NOT NULL,
    subject text NOT NULL,
    login   text NOT NULL CONSTRAINT outside_account_fk REFERENCES account,
    CONSTRAINT outside_account_pk PRIMARY KEY (system, subject)
);
COMMENT ON TABLE outside_account IS 'Which account belongs to an account of another system, by the id that it never gives to anybody else';
CREATE INDEX outside_account_login_idx ON outside_account (login);
ALTER TABLE outside_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE outside_account FORCE ROW LEVEL SECURITY;
CREATE POLICY gate_select ON outside_account FOR SELECT TO guatu_gate USING ((SELECT context_is('gate')));
CREATE POLICY gate_insert ON outside_account FOR INSERT TO guatu_gate WITH CHECK ((SELECT context_is('gate')));
CREATE POLICY gate_delete ON outside_account FOR DELETE TO guatu_gate USING ((SELECT context_is('gate')));
GRANT SELECT, INSERT, DELETE ON outside_account TO guatu_gate;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
DROP TABLE guatu.outside_account;
ALTER TABLE guatu.session DROP COLUMN outside;
RESET ROLE;
