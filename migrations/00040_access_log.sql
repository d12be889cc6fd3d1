-- The access log: sign-ins, refusals, exports, imports, readings of personal data. A second hash chain beside the journal,
-- append-only, written and read by roles of its own.
-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guatu_archivist') THEN
        CREATE ROLE guatu_archivist LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- roles belong to the whole server: another database's migration was a moment faster
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA guatu TO guatu_archivist;
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

-- acts_as says whether who acts in this transaction has one of these roles, or is the program itself. The roles guatu_gate and
-- guatu_auditor have one context (00030) for everybody, so who acts is told beside it (guatu.person); a statement that does not
-- say so acts for nobody. What somebody's role is, the table says and not who asks.
-- +goose StatementBegin
CREATE FUNCTION acts_as(VARIADIC p_roles text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$
    SELECT coalesce(current_setting('guatu.person', true), '') = 'system'
        OR EXISTS (SELECT FROM person p WHERE p.code = current_setting('guatu.person', true) AND p.role = ANY (p_roles))
$$;
-- +goose StatementEnd
-- Before anybody is let to see anything it must be known who they are.
CREATE POLICY owner_select ON person FOR SELECT TO guatu_owner USING (true);
REVOKE ALL ON FUNCTION acts_as FROM PUBLIC;
GRANT EXECUTE ON FUNCTION acts_as TO guatu_auditor;

CREATE TABLE access_log (
    id          bigint NOT NULL CONSTRAINT access_log_pk PRIMARY KEY,
    prev_hash   bytea NOT NULL,
    hash        bytea NOT NULL CONSTRAINT access_log_hash_is_sha256 CHECK (length(hash) = 32),
    recorded_at timestamptz NOT NULL,
    happened_at timestamptz NOT NULL,
    kind        text NOT NULL CONSTRAINT access_log_kind_plain CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    outcome     text NOT NULL CONSTRAINT access_log_outcome_one_line CHECK (outcome !~ '[\n\r]' AND outcome <> ''),
    actor       text NOT NULL CONSTRAINT access_log_actor_one_line CHECK (actor !~ '[\n\r]'),
    login       text NOT NULL CONSTRAINT access_log_login_one_line CHECK (login !~ '[\n\r]'),
    address     text NOT NULL CONSTRAINT access_log_address_one_line CHECK (address !~ '[\n\r]'),
    agent       text NOT NULL CONSTRAINT access_log_agent_one_line CHECK (agent !~ '[\n\r]'),
    request     text NOT NULL CONSTRAINT access_log_request_one_line CHECK (request !~ '[\n\r]'),
    object      text NOT NULL CONSTRAINT access_log_object_one_line CHECK (object !~ '[\n\r]'),
    details     text NOT NULL CONSTRAINT access_log_details_are_json CHECK (details::jsonb IS NOT NULL)
);
COMMENT ON COLUMN access_log.login IS 'The account; what was typed and is none stands as the beginning of its SHA-256: there are people who type their password there';
COMMENT ON COLUMN access_log.outcome IS 'done, or the code of the refusal';
COMMENT ON COLUMN access_log.details IS 'The exact text that was hashed: canonical JSON without personal data';
CREATE INDEX access_log_recorded_idx ON access_log (recorded_at);
CREATE INDEX access_log_actor_idx ON access_log (actor, id);
CREATE INDEX access_log_kind_idx ON access_log (kind, id);

CREATE TABLE access_head (
    single      boolean NOT NULL DEFAULT true CONSTRAINT access_head_pk PRIMARY KEY CONSTRAINT access_head_single CHECK (single),
    id          bigint NOT NULL,
    hash        bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    cut_id      bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE access_head IS 'Ids and hashes are given under the lock of this row';
COMMENT ON COLUMN access_head.cut_id IS 'Entries up to this one are past their time and were removed; a signed entry log.cut says so';

CREATE TABLE access_due (
    job text NOT NULL CONSTRAINT access_due_pk PRIMARY KEY,
    due timestamptz NOT NULL
);
COMMENT ON TABLE access_due IS 'The due time a job of the log was last done for: once, however many servers there are';

-- +goose StatementBegin
CREATE FUNCTION access_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What access_trim has declared cut may go, and nothing else.
    IF TG_OP = 'DELETE' AND OLD.id <= (SELECT h.cut_id FROM guatu.access_head h) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION access_log_is_append_only();
CREATE TRIGGER access_log_stays BEFORE TRUNCATE ON access_log EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER access_head_stays BEFORE DELETE OR TRUNCATE ON access_head EXECUTE FUNCTION journal_is_append_only();

-- access_append is the only way into the log: it numbers and chains entries under the lock of the head. With p_job it appends
-- only if the job was not yet done for p_due, and gives no row otherwise.
-- +goose StatementBegin
CREATE FUNCTION access_append(
    p_recorded_at timestamptz, p_happened_at timestamptz[], p_kinds text[], p_outcomes text[], p_actors text[], p_logins text[],
    p_addresses text[], p_agents text[], p_requests text[], p_objects text[], p_details text[], p_job text, p_due timestamptz
) RETURNS TABLE (first_id bigint, last_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    head     access_head;
    recorded timestamptz;
    hash     bytea;
    hashes   bytea[];
    previous bytea[];
    n        integer := cardinality(p_kinds);
BEGIN
    SELECT * INTO STRICT head FROM access_head h FOR UPDATE;
    IF p_job IS NOT NULL THEN
        INSERT INTO access_due AS d (job, due) VALUES (p_job, p_due)
        ON CONFLICT ON CONSTRAINT access_due_pk DO UPDATE SET due = excluded.due WHERE d.due < excluded.due;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    recorded := greatest(p_recorded_at, head.recorded_at);
    hash := head.hash;
    FOR i IN 1 .. n LOOP
        previous[i] := hash;
        -- One field a line; only the details, last, may hold a line break, so no two rows share a text.
        hash := sha256(hash || convert_to(concat_ws(E'\n', (head.id + i)::text,
            (extract(epoch FROM recorded) * 1000000)::bigint::text, (extract(epoch FROM p_happened_at[i]) * 1000000)::bigint::text,
            p_kinds[i], p_outcomes[i], p_actors[i], p_logins[i], p_addresses[i], p_agents[i], p_requests[i], p_objects[i], p_details[i]), 'UTF8'));
        hashes[i] := hash;
    END LOOP;
    INSERT INTO access_log (id, prev_hash, hash, recorded_at, happened_at, kind, outcome, actor, login, address, agent, request, object, details)
    SELECT head.id + e.place, e.previous, e.hash, recorded, e.happened_at, e.kind, e.outcome, e.actor, e.login, e.address, e.agent, e.request, e.object, e.details
    FROM unnest(previous, hashes, p_happened_at, p_kinds, p_outcomes, p_actors, p_logins, p_addresses, p_agents, p_requests, p_objects, p_details)
        WITH ORDINALITY AS e (previous, hash, happened_at, kind, outcome, actor, login, address, agent, request, object, details, place);
    UPDATE access_head h SET id = head.id + n, hash = hashes[n], recorded_at = recorded;
    RETURN QUERY SELECT head.id + 1, head.id + n;
END
$$;
-- +goose StatementEnd

-- access_trim removes what is past its time, up to an entry that a signed entry log.cut names. It takes nothing that is
-- younger than six months (the law's minimum; the setting may keep more) by the database's own clock, and gives how many went.
-- +goose StatementBegin
CREATE FUNCTION access_trim(p_cut bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$
DECLARE
    cut     access_log;
    last    access_log;
    removed bigint;
BEGIN
    PERFORM FROM access_head FOR UPDATE;
    SELECT * INTO STRICT cut FROM access_log l WHERE l.id = p_cut AND l.kind = 'log.cut';
    SELECT * INTO STRICT last FROM access_log l WHERE l.id = (cut.details::jsonb ->> 'through')::bigint;
    IF encode(last.hash, 'hex') <> cut.details::jsonb ->> 'hash' OR last.recorded_at > now() - interval '184 days' THEN
        RAISE EXCEPTION 'entry % of the access log must be kept', last.id USING ERRCODE = 'restrict_violation', CONSTRAINT = 'access_log_kept';
    END IF;
    UPDATE access_head h SET cut_id = greatest(h.cut_id, last.id);
    DELETE FROM access_log l WHERE l.id <= last.id;
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION access_append, access_trim FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_append TO guatu_gate;
GRANT EXECUTE ON FUNCTION access_trim TO guatu_archivist;
GRANT SELECT ON access_log, access_head, access_due TO guatu_auditor;

INSERT INTO access_head (id, hash, recorded_at) VALUES (0, sha256('guatu access log'::bytea), '-infinity');
ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_log FORCE ROW LEVEL SECURITY;
ALTER TABLE access_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_head FORCE ROW LEVEL SECURITY;
ALTER TABLE access_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_due FORCE ROW LEVEL SECURITY;
-- The functions above run as the owner; the owner's own statements are held by the triggers.
CREATE POLICY owner_all ON access_log TO guatu_owner USING ((SELECT in_context())) WITH CHECK ((SELECT in_context()));
CREATE POLICY owner_all ON access_head TO guatu_owner USING ((SELECT in_context())) WITH CHECK ((SELECT in_context()));
CREATE POLICY owner_all ON access_due TO guatu_owner USING ((SELECT in_context())) WITH CHECK ((SELECT in_context()));
CREATE POLICY auditor_select ON access_log FOR SELECT TO guatu_auditor USING ((SELECT context_is('audit')) AND (SELECT acts_as('auditor')));
CREATE POLICY auditor_select ON access_head FOR SELECT TO guatu_auditor USING ((SELECT context_is('audit')) AND (SELECT acts_as('auditor')));
CREATE POLICY auditor_select ON access_due FOR SELECT TO guatu_auditor USING ((SELECT context_is('audit')) AND (SELECT acts_as('auditor')));
RESET ROLE;

-- +goose Down
SET LOCAL search_path = guatu, public;
DROP FUNCTION access_append, access_trim;
DROP TABLE access_log, access_head, access_due;
DROP FUNCTION access_log_is_append_only();
DROP FUNCTION acts_as;
DROP POLICY owner_select ON person;
REVOKE ALL ON SCHEMA guatu FROM guatu_archivist;
