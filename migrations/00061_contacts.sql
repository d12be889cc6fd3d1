-- Contacts of enterprises (联系人): who can be reached, sealed under a key per person. The journal holds the hash of what is
-- sealed; erasing destroys the key (person_secret.key becomes NULL), and nobody can read it any more.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE person_secret (
    subject uuid  NOT NULL CONSTRAINT person_secret_pk PRIMARY KEY,
    key     bytea CONSTRAINT person_secret_key_wrapped CHECK (length(key) = 60)
);
COMMENT ON COLUMN person_secret.key IS 'Wrapped by the master key, which lies outside the database; NULL: destroyed';

CREATE TABLE person_sealed (
    sha256  bytea NOT NULL CONSTRAINT person_sealed_pk PRIMARY KEY CONSTRAINT person_sealed_named_by_hash CHECK (sha256 = sha256(sealed)),
    subject uuid  NOT NULL CONSTRAINT person_sealed_subject_fk REFERENCES person_secret,
    sealed  bytea NOT NULL
);
CREATE INDEX person_sealed_subject_idx ON person_sealed (subject);

CREATE TABLE contact (
    id            bigint  NOT NULL CONSTRAINT contact_pk PRIMARY KEY,
    version       bigint  NOT NULL CONSTRAINT contact_version_positive CHECK (version > 0),
    enterprise_id bigint  NOT NULL CONSTRAINT contact_enterprise_fk REFERENCES enterprise CONSTRAINT contact_enterprise_unique UNIQUE,
    subject       uuid    NOT NULL CONSTRAINT contact_subject_fk REFERENCES person_secret,
    sealed        bytea   CONSTRAINT contact_sealed_fk REFERENCES person_sealed,
    erased        boolean NOT NULL DEFAULT false,
    CONSTRAINT contact_sealed_or_erased CHECK (erased = (sealed IS NULL))
);

-- A key is destroyed or left alone.
-- +goose StatementBegin
CREATE FUNCTION key_only_dies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.subject <> OLD.subject OR NEW.key IS NOT NULL THEN
        RAISE EXCEPTION 'a key can only be destroyed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER person_secret_key_only_dies BEFORE UPDATE ON person_secret FOR EACH ROW EXECUTE FUNCTION key_only_dies();
CREATE TRIGGER person_sealed_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_sealed EXECUTE FUNCTION journal_is_append_only();

-- Contacts go by the enterprise, what is sealed by the contact.
-- +goose StatementBegin
DO $$
DECLARE
    of_enterprise text := 'EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = enterprise_id)';
    of_contact    text := '(SELECT guatu.context_is(''program'')) OR EXISTS (SELECT FROM guatu.contact c WHERE c.subject = %I.subject)';
    writes        text := '(SELECT guatu.may_write())';
    anybody       text := '(SELECT guatu.in_context())';
    p             record;
BEGIN
    FOR p IN SELECT * FROM (VALUES
        ('app',   'contact',       'select', of_enterprise),
        ('app',   'contact',       'insert', writes || ' AND ' || of_enterprise),
        ('app',   'contact',       'update', writes || ' AND ' || of_enterprise),
        ('app',   'person_secret', 'select', format(of_contact, 'person_secret')),
        ('app',   'person_secret', 'insert', writes),
        ('app',   'person_secret', 'update', writes || ' AND (' || format(of_contact, 'person_secret') || ')'),
        ('app',   'person_sealed', 'select', format(of_contact, 'person_sealed')),
        ('app',   'person_sealed', 'insert', writes),
        ('owner', 'person_secret', 'select', anybody), -- foreign keys
        ('owner', 'person_secret', 'update', 'false'),
        ('owner', 'person_sealed', 'select', anybody)
    ) AS v (who, tab, verb, rows) LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', p.tab);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', p.tab);
        EXECUTE format('CREATE POLICY %I ON %I FOR %s TO guatu_%s %s', p.who || '_' || p.verb, p.tab, p.verb, p.who,
            CASE p.verb WHEN 'insert' THEN format('WITH CHECK (%s)', p.rows) WHEN 'update' THEN format('USING (%s) WITH CHECK (%s)', p.rows, p.rows) ELSE format('USING (%s)', p.rows) END);
    END LOOP;
END
$$;
-- +goose StatementEnd
-- sees_noun as before, for the nouns there are now.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sees_noun(p_noun text, p_id bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    CASE p_noun
        WHEN 'case' THEN RETURN EXISTS (SELECT FROM guatu.case_file c WHERE c.id = p_id);
        WHEN 'land' THEN RETURN EXISTS (SELECT FROM guatu.land_history l WHERE l.land_id = p_id);
        WHEN 'parcel' THEN RETURN EXISTS (SELECT FROM guatu.parcel p WHERE p.id = p_id);
        WHEN 'enterprise' THEN RETURN EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = p_id);
        WHEN 'quarantine' THEN RETURN EXISTS (SELECT FROM guatu.quarantine q WHERE q.id = p_id);
        WHEN 'photo' THEN RETURN EXISTS (SELECT FROM guatu.photo_history h WHERE h.photo_id = p_id);
        WHEN 'contact' THEN RETURN EXISTS (SELECT FROM guatu.contact c WHERE c.id = p_id);
        ELSE RETURN p_noun IN ('campaign', 'unit', 'reference');
    END CASE;
END
$$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE ON contact TO guatu_app;
GRANT SELECT, INSERT, UPDATE (key) ON person_secret TO guatu_app;
GRANT SELECT, INSERT ON person_sealed TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- sees_noun as before, for the nouns there are now.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sees_noun(p_noun text, p_id bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    CASE p_noun
        WHEN 'case' THEN RETURN EXISTS (SELECT FROM guatu.case_file c WHERE c.id = p_id);
        WHEN 'land' THEN RETURN EXISTS (SELECT FROM guatu.land_history l WHERE l.land_id = p_id);
        WHEN 'parcel' THEN RETURN EXISTS (SELECT FROM guatu.parcel p WHERE p.id = p_id);
        WHEN 'enterprise' THEN RETURN EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = p_id);
        WHEN 'quarantine' THEN RETURN EXISTS (SELECT FROM guatu.quarantine q WHERE q.id = p_id);
        WHEN 'photo' THEN RETURN EXISTS (SELECT FROM guatu.photo_history h WHERE h.photo_id = p_id);
        ELSE RETURN p_noun IN ('campaign', 'unit', 'reference');
    END CASE;
END
$$;
-- +goose StatementEnd
DROP TABLE contact, person_sealed, person_secret;
DROP FUNCTION key_only_dies;
RESET ROLE;
