-- Photos of cases (照片). The noun photo says which file is evidence of which milestone; the files themselves lie under the data
-- folder, named by hash, and photo_file says which are there and what they are.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE photo (
    id        bigint      NOT NULL CONSTRAINT photo_pk PRIMARY KEY,
    version   bigint      NOT NULL CONSTRAINT photo_version_positive CHECK (version > 0),
    case_id   bigint      NOT NULL CONSTRAINT photo_case_fk REFERENCES case_file,
    milestone text        NOT NULL,
    slot      text        NOT NULL DEFAULT '',
    sha256    bytea       NOT NULL CONSTRAINT photo_sha256_length CHECK (length(sha256) = 32),
    author    text        NOT NULL,
    added_at  timestamptz NOT NULL,
    taken_at  timestamptz,
    place     jsonb,
    original  bytea CONSTRAINT photo_original_length CHECK (length(original) = 32),
    arrived   boolean     NOT NULL DEFAULT false,
    size      bigint      NOT NULL DEFAULT 0,
    CONSTRAINT photo_case_sha256_unique UNIQUE (case_id, sha256)
);
COMMENT ON COLUMN photo.taken_at IS 'By the device''s claim, as place and original are';
COMMENT ON COLUMN photo.original IS 'SHA-256 of the picture before the device made it smaller';
COMMENT ON COLUMN photo.arrived IS 'Its file was stored; until then it is only announced';
CREATE INDEX photo_sha256_idx ON photo (sha256);

CREATE TABLE photo_history (
    photo_id  bigint  NOT NULL,
    from_rev  bigint  NOT NULL,
    to_rev    bigint,
    version   bigint  NOT NULL,
    case_id   bigint  NOT NULL,
    milestone text    NOT NULL,
    slot      text    NOT NULL,
    sha256    bytea   NOT NULL,
    arrived   boolean NOT NULL,
    CONSTRAINT photo_history_pk PRIMARY KEY (photo_id, from_rev),
    CONSTRAINT photo_history_ordered CHECK (from_rev < to_rev)
);
CREATE INDEX photo_history_from_idx ON photo_history (from_rev);
CREATE INDEX photo_history_to_idx ON photo_history (to_rev);
CREATE INDEX photo_history_case_idx ON photo_history (case_id);
CREATE INDEX photo_history_sha256_idx ON photo_history (sha256);
CREATE UNIQUE INDEX photo_history_open_unique ON photo_history (photo_id) WHERE to_rev IS NULL;

CREATE TABLE photo_file (
    sha256     bytea       NOT NULL CONSTRAINT photo_file_pk PRIMARY KEY CONSTRAINT photo_file_sha256_length CHECK (length(sha256) = 32),
    size       bigint      NOT NULL CONSTRAINT photo_file_size_positive CHECK (size > 0),
    media      text        NOT NULL CONSTRAINT photo_file_media_known CHECK (media IN ('image/jpeg', 'image/png', 'image/webp')),
    width      integer     NOT NULL CONSTRAINT photo_file_width_positive CHECK (width > 0),
    height     integer     NOT NULL CONSTRAINT photo_file_height_positive CHECK (height > 0),
    taken_at   timestamptz,
    lon        float8,
    lat        float8,
    device     text        NOT NULL DEFAULT '',
    told       boolean     NOT NULL,
    stored_at  timestamptz NOT NULL,
    checked_at timestamptz,
    state      text        NOT NULL DEFAULT 'stored' CONSTRAINT photo_file_state_known CHECK (state IN ('stored', 'damaged', 'missing'))
);
COMMENT ON TABLE photo_file IS 'Files that are stored, with what they say of themselves: it follows from the hash and is not journalled';
COMMENT ON COLUMN photo_file.told IS 'Whether the file says when it was taken; without: 无拍摄信息';
CREATE INDEX photo_file_wrong_idx ON photo_file (sha256) WHERE state <> 'stored';

CREATE TABLE photo_holder (
    sha256 bytea       NOT NULL CONSTRAINT photo_holder_file_fk REFERENCES photo_file ON DELETE CASCADE,
    person text        NOT NULL,
    at     timestamptz NOT NULL,
    CONSTRAINT photo_holder_pk PRIMARY KEY (sha256, person)
);
COMMENT ON TABLE photo_holder IS 'Who has sent all bytes of a file: knowing a hash gives nobody a picture';

CREATE TABLE photo_scrub (
    due     date        NOT NULL CONSTRAINT photo_scrub_pk PRIMARY KEY,
    began   timestamptz NOT NULL,
    ended   timestamptz,
    files   bigint      NOT NULL DEFAULT 0,
    bytes   bigint      NOT NULL DEFAULT 0,
    damaged bigint      NOT NULL DEFAULT 0,
    missing bigint      NOT NULL DEFAULT 0,
    removed bigint      NOT NULL DEFAULT 0
);
COMMENT ON TABLE photo_scrub IS 'The nightly checks of the files, one a day: who enters the day makes it';

-- history_close ends the open history rows of the nouns that an operation touches (its entries begin at revision p_first)
-- and opens new ones from the state. A noun touched twice gets one row, from its last entry.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION history_close(p_first bigint, p_nouns text[], p_noun_ids bigint[]) RETURNS void
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
        INSERT INTO case_history (case_id, from_rev, version, code, label, track, unit_id, stage, next, deadline,
            batch, village, kind, disposal, enterprise_id, recovered, effective, floor, rebounds, sides, passed, planned, parcels, shares)
        SELECT x.id, t.rev, x.version, x.code, x.label, x.track, x.unit_id, x.stage, x.next, x.deadline,
            x.batch, x.village, x.kind, x.disposal, x.enterprise_id, x.recovered, x.effective, x.floor, x.rebounds,
            coalesce((SELECT jsonb_object_agg(s.key, coalesce(s.value->>'code', '')) FROM jsonb_each(x.sides) AS s), '{}'),
            coalesce((SELECT jsonb_object_agg(m.code, coalesce(m.done_on::text, '')) FROM milestone m WHERE m.case_id = x.id AND (m.done_on IS NOT NULL OR m.not_applicable)), '{}'),
            coalesce((SELECT jsonb_object_agg(m.code, m.plan_on::text) FROM milestone m WHERE m.case_id = x.id AND m.plan_on IS NOT NULL), '{}'),
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
    IF 'land' = ANY (p_nouns) THEN
        UPDATE land_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'land' GROUP BY n.noun_id) t
        WHERE h.land_id = t.noun_id AND h.to_rev IS NULL;
        INSERT INTO land_history (land_id, from_rev, version, case_id, recovered, effective, later_use, deductions)
        SELECT x.id, t.rev, x.version, x.case_id, x.recovered, x.effective, x.later_use, x.deductions
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'land' GROUP BY n.noun_id) t
        JOIN land x ON x.id = t.noun_id;
    END IF;
    IF 'photo' = ANY (p_nouns) THEN
        UPDATE photo_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'photo' GROUP BY n.noun_id) t
        WHERE h.photo_id = t.noun_id AND h.to_rev IS NULL;
        INSERT INTO photo_history (photo_id, from_rev, version, case_id, milestone, slot, sha256, arrived)
        SELECT x.id, t.rev, x.version, x.case_id, x.milestone, x.slot, x.sha256, x.arrived
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'photo' GROUP BY n.noun_id) t
        JOIN photo x ON x.id = t.noun_id;
    END IF;
END
$$;
-- +goose StatementEnd

-- photo_held says how many bytes a stored file has if a person has sent it, and holds it until the end of the transaction;
-- NULL otherwise. It is asked when a photo is attached, and by who takes a removal back for somebody else.
-- +goose StatementBegin
CREATE FUNCTION photo_held(p_person text, p_sha256 bytea) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$
DECLARE
    bytes bigint;
BEGIN
    IF may_write() THEN
        SELECT f.size INTO bytes FROM photo_file f
        WHERE f.sha256 = p_sha256 AND f.state = 'stored' AND EXISTS (SELECT FROM photo_holder h WHERE h.sha256 = f.sha256 AND h.person = p_person)
        FOR SHARE;
    END IF;
    RETURN bytes;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION photo_held FROM PUBLIC;
GRANT EXECUTE ON FUNCTION photo_held TO guatu_app;

-- Photos go by the case. Of files a person sees those of photos that are seen; who sent what is the program's to know.
-- +goose StatementBegin
DO $$
DECLARE
    of_case text := 'EXISTS (SELECT FROM guatu.case_file c WHERE c.id = case_id)';
    program text := '(SELECT guatu.context_is(''program''))';
    anybody text := '(SELECT guatu.in_context())';
    t       text;
    p       record;
BEGIN
    FOREACH t IN ARRAY ARRAY['photo', 'photo_history', 'photo_file', 'photo_holder', 'photo_scrub'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOR p IN SELECT * FROM (VALUES
        ('app',    'photo',         'select', of_case),
        ('app',    'photo',         'insert update delete', '(SELECT guatu.may_write()) AND ' || of_case),
        ('app',    'photo_history', 'select', '(SELECT guatu.whole()) OR ' || of_case), -- the case may be gone
        ('app',    'photo_file',    'select', program || ' OR EXISTS (SELECT FROM guatu.photo p WHERE p.sha256 = photo_file.sha256)'),
        ('app',    'photo_file',    'insert update delete', program),
        ('app',    'photo_holder',  'select insert delete', program),
        ('app',    'photo_scrub',   'select insert update', program),
        ('owner',  'photo photo_holder', 'select', anybody),
        ('owner',  'photo_file',    'select update', anybody),
        ('owner',  'photo_holder',  'delete', program), -- with its file
        ('owner',  'photo_history', 'select insert update', anybody),
        ('reader', 'photo_history', 'select', '(SELECT guatu.context_is(''memory''))')
    ) AS v (who, tables, verbs, rows) LOOP
        FOR t IN SELECT format('CREATE POLICY %I ON %I FOR %s TO guatu_%s %s', p.who || '_' || verb, name, verb, p.who,
                CASE verb WHEN 'insert' THEN format('WITH CHECK (%s)', p.rows) WHEN 'update' THEN format('USING (%s) WITH CHECK (%s)', p.rows, p.rows) ELSE format('USING (%s)', p.rows) END)
            FROM unnest(string_to_array(p.tables, ' ')) AS name, unnest(string_to_array(p.verbs, ' ')) AS verb LOOP
            EXECUTE t;
        END LOOP;
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
        ELSE RETURN p_noun IN ('campaign', 'unit', 'reference');
    END CASE;
END
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE, DELETE ON photo, photo_file TO guatu_app;
GRANT SELECT, INSERT, DELETE ON photo_holder TO guatu_app;
GRANT SELECT ON photo_history TO guatu_app;
GRANT SELECT, INSERT, UPDATE ON photo_scrub TO guatu_app;
GRANT SELECT (photo_id, from_rev, to_rev, case_id) ON photo_history TO guatu_reader;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- history_close ends the open history rows of the nouns that an operation touches (its entries begin at revision p_first)
-- and opens new ones from the state. A noun touched twice gets one row, from its last entry.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION history_close(p_first bigint, p_nouns text[], p_noun_ids bigint[]) RETURNS void
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
        INSERT INTO case_history (case_id, from_rev, version, code, label, track, unit_id, stage, next, deadline,
            batch, village, kind, disposal, enterprise_id, recovered, effective, floor, rebounds, sides, passed, planned, parcels, shares)
        SELECT x.id, t.rev, x.version, x.code, x.label, x.track, x.unit_id, x.stage, x.next, x.deadline,
            x.batch, x.village, x.kind, x.disposal, x.enterprise_id, x.recovered, x.effective, x.floor, x.rebounds,
            coalesce((SELECT jsonb_object_agg(s.key, coalesce(s.value->>'code', '')) FROM jsonb_each(x.sides) AS s), '{}'),
            coalesce((SELECT jsonb_object_agg(m.code, coalesce(m.done_on::text, '')) FROM milestone m WHERE m.case_id = x.id AND (m.done_on IS NOT NULL OR m.not_applicable)), '{}'),
            coalesce((SELECT jsonb_object_agg(m.code, m.plan_on::text) FROM milestone m WHERE m.case_id = x.id AND m.plan_on IS NOT NULL), '{}'),
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
    IF 'land' = ANY (p_nouns) THEN
        UPDATE land_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'land' GROUP BY n.noun_id) t
        WHERE h.land_id = t.noun_id AND h.to_rev IS NULL;
        INSERT INTO land_history (land_id, from_rev, version, case_id, recovered, effective, later_use, deductions)
        SELECT x.id, t.rev, x.version, x.case_id, x.recovered, x.effective, x.later_use, x.deductions
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'land' GROUP BY n.noun_id) t
        JOIN land x ON x.id = t.noun_id;
    END IF;
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
        ELSE RETURN p_noun IN ('campaign', 'unit', 'reference');
    END CASE;
END
$$;
-- +goose StatementEnd
DROP FUNCTION photo_held;
DROP TABLE photo_scrub, photo_holder, photo_file, photo_history, photo;
RESET ROLE;
