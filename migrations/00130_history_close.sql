-- history_close begins with what an operation touches, also with plans that were made when the tables were empty.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- history_close ends the open history rows of the nouns that an operation touches (its entries begin at revision p_first)
-- and opens new ones from the state. A noun touched twice gets one row, from its last entry.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION history_close(p_first bigint, p_nouns text[], p_noun_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp
-- Its plans are made once a session, perhaps when the tables are still empty: nested loops over indexes are right at every
-- size, and planning each time would double how long the head lock is held. OFFSET 0 keeps the touched nouns outside: a plan made
-- of empty tables would else go through all open rows, or all nouns, for each operation (a million rows in the demo's year).
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- Closing first: at most one row of a noun is open, and an index holds that.
    IF 'case' = ANY (p_nouns) THEN
        UPDATE case_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'case' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT o.ctid AS at FROM case_history o WHERE o.case_id = t.noun_id AND o.to_rev IS NULL OFFSET 0) open
        WHERE h.ctid = open.at;
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
        CROSS JOIN LATERAL (SELECT * FROM case_file s WHERE s.id = t.noun_id OFFSET 0) x;
    END IF;
    IF 'parcel' = ANY (p_nouns) THEN
        UPDATE parcel_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'parcel' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT o.ctid AS at FROM parcel_history o WHERE o.parcel_id = t.noun_id AND o.to_rev IS NULL OFFSET 0) open
        WHERE h.ctid = open.at;
        INSERT INTO parcel_history (parcel_id, from_rev, version, code, label, unit_id, shape)
        SELECT x.id, t.rev, x.version, x.code, x.label, x.unit_id, x.shape
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'parcel' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT * FROM parcel s WHERE s.id = t.noun_id OFFSET 0) x;
    END IF;
    IF 'land' = ANY (p_nouns) THEN
        UPDATE land_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'land' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT o.ctid AS at FROM land_history o WHERE o.land_id = t.noun_id AND o.to_rev IS NULL OFFSET 0) open
        WHERE h.ctid = open.at;
        INSERT INTO land_history (land_id, from_rev, version, case_id, recovered, effective, later_use, deductions)
        SELECT x.id, t.rev, x.version, x.case_id, x.recovered, x.effective, x.later_use, x.deductions
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'land' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT * FROM land s WHERE s.id = t.noun_id OFFSET 0) x;
    END IF;
    IF 'photo' = ANY (p_nouns) THEN
        UPDATE photo_history h SET to_rev = t.rev
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'photo' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT o.ctid AS at FROM photo_history o WHERE o.photo_id = t.noun_id AND o.to_rev IS NULL OFFSET 0) open
        WHERE h.ctid = open.at;
        INSERT INTO photo_history (photo_id, from_rev, version, case_id, milestone, slot, sha256, arrived)
        SELECT x.id, t.rev, x.version, x.case_id, x.milestone, x.slot, x.sha256, x.arrived
        FROM (SELECT n.noun_id, p_first - 1 + max(n.place) AS rev FROM unnest(p_nouns, p_noun_ids) WITH ORDINALITY AS n (noun, noun_id, place)
        WHERE n.noun = 'photo' GROUP BY n.noun_id) t
        CROSS JOIN LATERAL (SELECT * FROM photo s WHERE s.id = t.noun_id OFFSET 0) x;
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
RESET ROLE;
