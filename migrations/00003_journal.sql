-- The journal: append-only, hash-chained; audit trail, live feed, offline cursor, undo and time machine in one.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE operation (
    op_id          uuid NOT NULL CONSTRAINT operation_pk PRIMARY KEY,
    actor          text NOT NULL CONSTRAINT operation_actor_one_line CHECK (actor !~ '[\n\r]' AND actor <> ''),
    device         text NOT NULL CONSTRAINT operation_device_one_line CHECK (device !~ '[\n\r]' AND device <> ''),
    body_hash      bytea NOT NULL,
    batch_id       uuid NOT NULL,
    happened_at    timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    outcome        text NOT NULL CONSTRAINT operation_outcome_known CHECK (outcome IN ('received', 'applied', 'merged', 'quarantined', 'refused')),
    refusal        jsonb,
    conflicts      jsonb,
    first_revision bigint,
    last_revision  bigint,
    recorded_at    timestamptz,
    CONSTRAINT operation_revisions_ordered CHECK (first_revision <= last_revision)
);
COMMENT ON TABLE operation IS 'One row per operation id: what was answered, so that a repeat gets the same answer';
CREATE UNIQUE INDEX operation_last_revision_unique ON operation (last_revision) WHERE last_revision IS NOT NULL;
CREATE INDEX operation_batch_idx ON operation (batch_id);

CREATE TABLE journal (
    id           bigint NOT NULL CONSTRAINT journal_pk PRIMARY KEY,
    prev_hash    bytea NOT NULL,
    hash         bytea NOT NULL CONSTRAINT journal_hash_is_sha256 CHECK (length(hash) = 32),
    recorded_at  timestamptz NOT NULL,
    happened_at  timestamptz NOT NULL,
    actor        text NOT NULL,
    device       text NOT NULL,
    op_id        uuid NOT NULL CONSTRAINT journal_operation_fk REFERENCES operation,
    batch_id     uuid NOT NULL,
    kind         text NOT NULL CONSTRAINT journal_kind_plain CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    kind_version integer NOT NULL,
    noun         text NOT NULL CONSTRAINT journal_noun_plain CHECK (noun ~ '^[a-z_]+$'),
    noun_id      bigint NOT NULL,
    base_version bigint NOT NULL,
    version      bigint NOT NULL,
    body         text NOT NULL,
    CONSTRAINT journal_version_unique UNIQUE (noun, noun_id, version)
);
COMMENT ON COLUMN journal.body IS 'The exact text that was hashed: canonical JSON, before and after of changed fields only';
CREATE INDEX journal_batch_idx ON journal (batch_id);
CREATE INDEX journal_operation_idx ON journal (op_id);
CREATE INDEX journal_noun_idx ON journal (noun, id);

CREATE TABLE journal_head (
    single      boolean NOT NULL DEFAULT true CONSTRAINT journal_head_pk PRIMARY KEY CONSTRAINT journal_head_single CHECK (single),
    id          bigint NOT NULL,
    hash        bytea NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE journal_head IS 'Ids and hashes are given under the lock of this row, always the last lock of a transaction';
INSERT INTO journal_head (id, hash, recorded_at) VALUES (0, sha256('guatu journal'::bytea), '-infinity');

CREATE TABLE quarantine (
    id          bigint NOT NULL CONSTRAINT quarantine_pk PRIMARY KEY,
    version     bigint NOT NULL CONSTRAINT quarantine_version_positive CHECK (version > 0),
    noun        text NOT NULL,
    noun_id     bigint NOT NULL,
    field       text NOT NULL,
    standing    jsonb NOT NULL,
    kept        jsonb NOT NULL,
    actor       text NOT NULL,
    happened_at timestamptz NOT NULL,
    resolution  text NOT NULL DEFAULT '' CONSTRAINT quarantine_resolution_known CHECK (resolution IN ('', 'kept', 'standing'))
);
COMMENT ON TABLE quarantine IS 'Hard conflicts: what contradicts is kept, and a person resolves it';
CREATE INDEX quarantine_noun_idx ON quarantine (noun, noun_id);

-- History of what the map shows: a row for every version, valid for revisions from_rev <= r < to_rev.
CREATE TABLE parcel_history (
    parcel_id bigint NOT NULL,
    from_rev  bigint NOT NULL,
    to_rev    bigint,
    version   bigint NOT NULL,
    code      text NOT NULL,
    label     text NOT NULL,
    unit_id   bigint,
    shape     bytea NOT NULL CONSTRAINT parcel_history_shape_fk REFERENCES shape,
    CONSTRAINT parcel_history_pk PRIMARY KEY (parcel_id, from_rev),
    CONSTRAINT parcel_history_ordered CHECK (from_rev < to_rev)
);
CREATE INDEX parcel_history_shape_idx ON parcel_history (shape);
CREATE INDEX parcel_history_to_idx ON parcel_history (to_rev);
CREATE UNIQUE INDEX parcel_history_open_unique ON parcel_history (parcel_id) WHERE to_rev IS NULL;

CREATE TABLE case_history (
    case_id  bigint NOT NULL,
    from_rev bigint NOT NULL,
    to_rev   bigint,
    version  bigint NOT NULL,
    code     text NOT NULL,
    label    text NOT NULL,
    track    text NOT NULL,
    unit_id  bigint NOT NULL,
    stage    smallint NOT NULL,
    next     text,
    deadline date,
    parcels  bigint[] NOT NULL,
    shares   bigint[] NOT NULL,
    CONSTRAINT case_history_pk PRIMARY KEY (case_id, from_rev),
    CONSTRAINT case_history_ordered CHECK (from_rev < to_rev)
);
CREATE INDEX case_history_from_idx ON case_history (from_rev);
CREATE INDEX case_history_to_idx ON case_history (to_rev);
CREATE UNIQUE INDEX case_history_open_unique ON case_history (case_id) WHERE to_rev IS NULL;

-- +goose StatementBegin
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER shape_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shape EXECUTE FUNCTION journal_is_append_only();

-- +goose StatementBegin
CREATE FUNCTION journal_preimage(j journal) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    -- One field a line; only the body, last, may hold a line break, so no two rows share a text.
    SELECT j.prev_hash || convert_to(concat_ws(E'\n',
        j.id::text,
        (extract(epoch FROM j.recorded_at) * 1000000)::bigint::text,
        (extract(epoch FROM j.happened_at) * 1000000)::bigint::text,
        j.actor, j.device, j.op_id::text, j.batch_id::text,
        j.kind, j.kind_version::text, j.noun, j.noun_id::text,
        j.base_version::text, j.version::text, j.body), 'UTF8')
$$;
-- +goose StatementEnd

-- journal_append is the only way into the journal: it takes the head lock, numbers, chains and inserts the entries of
-- one operation, copies history from the state written before, closes the operation and notifies. The caller commits.
-- +goose StatementBegin
CREATE FUNCTION journal_append(
    p_op uuid, p_outcome text, p_conflicts jsonb, p_recorded_at timestamptz,
    p_kinds text[], p_kind_versions integer[], p_nouns text[], p_noun_ids bigint[],
    p_base_versions bigint[], p_versions bigint[], p_bodies text[]
) RETURNS TABLE (first_revision bigint, last_revision bigint, recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    head  journal_head;
    op    operation;
    entry journal;
    n     integer := cardinality(p_kinds);
BEGIN
    SELECT * INTO STRICT op FROM operation o WHERE o.op_id = p_op AND o.outcome = 'received';
    -- The queue forms at an advisory lock: waiting for the row itself costs each waiter several wake-ups.
    PERFORM pg_advisory_xact_lock('journal_head'::regclass::oid::bigint);
    SELECT * INTO STRICT head FROM journal_head h FOR UPDATE;
    entry.recorded_at := greatest(p_recorded_at, head.recorded_at);
    entry.happened_at := op.happened_at;
    entry.actor := op.actor;
    entry.device := op.device;
    entry.op_id := op.op_id;
    entry.batch_id := op.batch_id;
    entry.id := head.id;
    entry.hash := head.hash;
    FOR i IN 1 .. n LOOP
        entry.id := entry.id + 1;
        entry.prev_hash := entry.hash;
        entry.kind := p_kinds[i];
        entry.kind_version := p_kind_versions[i];
        entry.noun := p_nouns[i];
        entry.noun_id := p_noun_ids[i];
        entry.base_version := p_base_versions[i];
        entry.version := p_versions[i];
        entry.body := p_bodies[i];
        entry.hash := sha256(journal_preimage(entry));
        INSERT INTO journal VALUES (entry.*);
    END LOOP;
    IF n > 0 THEN
        UPDATE journal_head SET id = entry.id, hash = entry.hash, recorded_at = entry.recorded_at;
        PERFORM history_close(head.id + 1, p_nouns, p_noun_ids);
    END IF;
    UPDATE operation o SET outcome = p_outcome, conflicts = p_conflicts, recorded_at = entry.recorded_at,
        first_revision = CASE WHEN n > 0 THEN head.id + 1 END, last_revision = CASE WHEN n > 0 THEN entry.id END
    WHERE o.op_id = p_op;
    PERFORM pg_notify('guatu_journal', entry.id::text);
    RETURN QUERY SELECT CASE WHEN n > 0 THEN head.id + 1 ELSE 0 END, CASE WHEN n > 0 THEN entry.id ELSE 0 END, entry.recorded_at;
END
$$;
-- +goose StatementEnd

-- history_close ends the open history rows of the nouns that an operation touches (its entries begin at revision p_first)
-- and opens new ones from the state. A noun touched twice gets one row, from its last entry.
-- +goose StatementBegin
CREATE FUNCTION history_close(p_first bigint, p_nouns text[], p_noun_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp
-- Its plans are made once a session, perhaps when the tables are still empty: nested loops over indexes are right at every
-- size, and planning each time would double how long the head lock is held.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- Closing first: at most one row of a noun is open, and an index holds that.
    IF 'case' = ANY (p_nouns) THEN
        UPDATE case_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'case' GROUP BY n.noun_id) t
        WHERE h.case_id = t.noun_id AND h.to_rev IS NULL;
        INSERT INTO case_history (case_id, from_rev, version, code, label, track, unit_id, stage, next, deadline, parcels, shares)
        SELECT x.id, t.rev, x.version, x.code, x.label, x.track, x.unit_id, x.stage, x.next, x.deadline,
            coalesce((SELECT array_agg(cp.parcel_id ORDER BY cp.parcel_id) FROM case_parcel cp WHERE cp.case_id = x.id), '{}'),
            coalesce((SELECT array_agg(cp.share ORDER BY cp.parcel_id) FROM case_parcel cp WHERE cp.case_id = x.id), '{}')
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'case' GROUP BY n.noun_id) t
        JOIN case_file x ON x.id = t.noun_id;
    END IF;
    IF 'parcel' = ANY (p_nouns) THEN
        UPDATE parcel_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'parcel' GROUP BY n.noun_id) t
        WHERE h.parcel_id = t.noun_id AND h.to_rev IS NULL;
        INSERT INTO parcel_history (parcel_id, from_rev, version, code, label, unit_id, shape)
        SELECT x.id, t.rev, x.version, x.code, x.label, x.unit_id, x.shape
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'parcel' GROUP BY n.noun_id) t
        JOIN parcel x ON x.id = t.noun_id;
    END IF;
END
$$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION journal_append, history_close FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_append TO guatu_app;
GRANT SELECT, INSERT ON operation TO guatu_app;
GRANT UPDATE (outcome, refusal, conflicts) ON operation TO guatu_app;
GRANT SELECT, INSERT, UPDATE ON quarantine TO guatu_app;
GRANT SELECT ON journal, journal_head, parcel_history, case_history TO guatu_app;
GRANT SELECT ON journal_head, parcel_history, case_history TO guatu_reader;
GRANT SELECT (op_id, batch_id, first_revision, last_revision, recorded_at, happened_at, actor) ON operation TO guatu_reader;
GRANT SELECT (id, op_id, kind, noun, noun_id) ON journal TO guatu_reader;
GRANT SELECT (code, name) ON person TO guatu_reader;
GRANT SELECT ON journal, journal_head, operation TO guatu_auditor;
RESET ROLE;

-- +goose Down
SET LOCAL search_path = guatu, public;
DROP FUNCTION journal_append, history_close, journal_preimage;
DROP TABLE case_history, parcel_history, quarantine, journal_head, journal, operation;
DROP TRIGGER shape_append_only ON shape;
DROP FUNCTION journal_is_append_only;
