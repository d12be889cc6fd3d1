-- What lists and the map of any day need besides: plans, reasons of side states by their code, enterprises.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

ALTER TABLE case_history DROP COLUMN sides;
ALTER TABLE case_history
    ADD COLUMN enterprise_id bigint,
    ADD COLUMN sides   jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN planned jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN case_history.sides IS 'Side states in force, by code: the code of the reason, empty where it was given in words';
COMMENT ON COLUMN case_history.planned IS 'Days for which milestones are planned';
-- What was so at each version is in the journal.
UPDATE case_history h SET
    sides = coalesce((
    SELECT jsonb_object_agg(substr(m.key, 6), coalesce(m.value->>'code', '')) FROM (
        SELECT DISTINCT ON (k.key) k.key, j.body::jsonb->'after'->k.key AS value
        FROM journal j, jsonb_object_keys(coalesce(j.body::jsonb->'after', '{}') || coalesce(j.body::jsonb->'before', '{}')) AS k (key)
        WHERE j.noun = 'case' AND j.noun_id = h.case_id AND j.version <= h.version AND k.key LIKE 'side/%'
        ORDER BY k.key, j.version DESC
    ) m WHERE m.value IS NOT NULL
), '{}'),
    planned = coalesce((
    SELECT jsonb_object_agg(substr(m.key, 11), m.value->>'plan_on') FROM (
        SELECT DISTINCT ON (k.key) k.key, j.body::jsonb->'after'->k.key AS value
        FROM journal j, jsonb_object_keys(coalesce(j.body::jsonb->'after', '{}') || coalesce(j.body::jsonb->'before', '{}')) AS k (key)
        WHERE j.noun = 'case' AND j.noun_id = h.case_id AND j.version <= h.version AND k.key LIKE 'milestone/%'
        ORDER BY k.key, j.version DESC
    ) m WHERE m.value->>'plan_on' IS NOT NULL
), '{}'),
    enterprise_id = (
        SELECT (j.body::jsonb->'after'->>'enterprise')::bigint FROM journal j
        WHERE j.noun = 'case' AND j.noun_id = h.case_id AND j.version <= h.version
          AND (j.body::jsonb->'after' ? 'enterprise' OR j.body::jsonb->'before' ? 'enterprise')
        ORDER BY j.version DESC LIMIT 1
    );

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
END
$$;
-- +goose StatementEnd


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
            batch, village, kind, disposal, recovered, effective, floor, rebounds, sides, passed, parcels, shares)
        SELECT x.id, t.rev, x.version, x.code, x.label, x.track, x.unit_id, x.stage, x.next, x.deadline,
            x.batch, x.village, x.kind, x.disposal, x.recovered, x.effective, x.floor, x.rebounds,
            ARRAY(SELECT k FROM jsonb_object_keys(x.sides) AS k ORDER BY k COLLATE "C"),
            coalesce((SELECT jsonb_object_agg(m.code, coalesce(m.done_on::text, '')) FROM milestone m WHERE m.case_id = x.id AND (m.done_on IS NOT NULL OR m.not_applicable)), '{}'),
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

ALTER TABLE case_history DROP COLUMN sides, DROP COLUMN planned, DROP COLUMN enterprise_id;
ALTER TABLE case_history ADD COLUMN sides text[] NOT NULL DEFAULT '{}';
RESET ROLE;
