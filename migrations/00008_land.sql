-- Recovered land (腾退范围): per case one recovered polygon and the effective part of it. Each square metre is recovered once
-- in a campaign: triggers hold it, by tests of area under a lock of the campaign, so that no path and no race escapes.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE land (
    id         bigint NOT NULL CONSTRAINT land_pk PRIMARY KEY,
    version    bigint NOT NULL CONSTRAINT land_version_positive CHECK (version > 0),
    case_id    bigint NOT NULL CONSTRAINT land_case_fk REFERENCES case_file CONSTRAINT land_case_unique UNIQUE,
    recovered  bytea  NOT NULL CONSTRAINT land_recovered_fk REFERENCES shape,
    effective  bytea  CONSTRAINT land_effective_fk REFERENCES shape,
    origin     text   NOT NULL CONSTRAINT land_origin_known CHECK (origin IN ('parcels', 'drawn')),
    later_use  text   NOT NULL DEFAULT '',
    deductions jsonb  NOT NULL DEFAULT '[]'
);
COMMENT ON TABLE land IS 'Recovered land of a case; its accepted areas, which are counted, stand in case_file';
COMMENT ON COLUMN land.effective IS 'NULL: nothing of it can be used again';
COMMENT ON COLUMN land.origin IS 'parcels: the union of the parcels whose land the case counts; drawn: a polygon of its own';
COMMENT ON COLUMN land.deductions IS 'What lies between recovered and effective: code of the exclusion and area, 0.0001 m², which add up exactly';
CREATE INDEX land_recovered_idx ON land (recovered);

CREATE TABLE land_history (
    land_id    bigint NOT NULL,
    from_rev   bigint NOT NULL,
    to_rev     bigint,
    version    bigint NOT NULL,
    case_id    bigint NOT NULL,
    recovered  bytea  NOT NULL,
    effective  bytea,
    later_use  text   NOT NULL,
    deductions jsonb  NOT NULL,
    CONSTRAINT land_history_pk PRIMARY KEY (land_id, from_rev),
    CONSTRAINT land_history_ordered CHECK (from_rev < to_rev)
);
CREATE INDEX land_history_from_idx ON land_history (from_rev);
CREATE INDEX land_history_to_idx ON land_history (to_rev);
CREATE INDEX land_history_case_idx ON land_history (case_id);
CREATE UNIQUE INDEX land_history_open_unique ON land_history (land_id) WHERE to_rev IS NULL;

-- A row a campaign, so that the turn holds under every isolation level: who waited for it reads anew, or fails to serialize
-- where a snapshot is older than the change waited for. An advisory lock would let a repeatable read look past it.
CREATE TABLE land_turn (
    campaign_id bigint NOT NULL CONSTRAINT land_turn_pk PRIMARY KEY CONSTRAINT land_turn_campaign_fk REFERENCES campaign,
    taken       bigint NOT NULL
);

-- land_take_turn makes changes of recovered land wait for each other, until the end of the transaction.
-- +goose StatementBegin
CREATE FUNCTION land_take_turn() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$
    INSERT INTO land_turn (campaign_id, taken) SELECT c.id, 1 FROM campaign c ORDER BY c.id
    ON CONFLICT ON CONSTRAINT land_turn_pk DO UPDATE SET taken = land_turn.taken + 1
$$;
-- +goose StatementEnd

-- land_area is a geodesic area in 0.0001 m². Tests compare areas: exact predicates fail on cut shapes.
-- +goose StatementBegin
CREATE FUNCTION land_area(p_ground geometry) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(round(ST_Area(p_ground::geography) * 10000), 0)::bigint
$$;
-- +goose StatementEnd

-- land_faults says what is wrong with land as cases would have it, beside the land of all other cases. Tolerance: 0.05 m².
-- A pair that a waiver allows would be left out of the overlaps here, and here alone.
-- +goose StatementBegin
CREATE FUNCTION land_faults(p_cases bigint[], p_recovered geometry[], p_effective geometry[], p_gone bigint[])
RETURNS TABLE (fault text, case_id bigint, other text, area bigint, place geometry)
LANGUAGE plpgsql STABLE SET search_path = guatu, public, pg_temp AS $$ -- not sql: that would be planned anew at each call
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH mine AS (
        SELECT m.case_id, m.recovered, m.effective, f.campaign_id, u.name_zh AS unit, b.geom AS boundary
        FROM unnest(p_cases, p_recovered, p_effective) AS m (case_id, recovered, effective)
        JOIN case_file f ON f.id = m.case_id JOIN unit u ON u.id = f.unit_id LEFT JOIN shape b ON b.hash = u.shape
    ), pair AS (
        SELECT m.case_id, f.code, m.recovered AS mine, s.geom AS theirs
        FROM mine m JOIN shape s ON s.geom && m.recovered JOIN land l ON l.recovered = s.hash
        JOIN case_file f ON f.id = l.case_id AND f.campaign_id = m.campaign_id
        WHERE NOT l.case_id = ANY (p_cases || p_gone)
        UNION ALL
        SELECT m.case_id, f.code, m.recovered, n.recovered
        FROM mine m JOIN mine n ON n.case_id < m.case_id AND n.campaign_id = m.campaign_id AND n.recovered && m.recovered
        JOIN case_file f ON f.id = n.case_id
    ), wrong AS (
        SELECT 'land_overlaps' AS fault, p.case_id, p.code AS other, ST_CollectionExtract(ST_Intersection(p.mine, p.theirs), 3) AS ground FROM pair p
        UNION ALL
        SELECT 'land_outside', m.case_id, m.unit, ST_Difference(m.recovered, m.boundary) FROM mine m WHERE m.boundary IS NOT NULL
        UNION ALL
        SELECT 'effective_outside', m.case_id, '', ST_Difference(m.effective, m.recovered) FROM mine m WHERE m.effective IS NOT NULL
    )
    SELECT w.fault, w.case_id, w.other, land_area(w.ground), ST_PointOnSurface(w.ground)
    FROM wrong w WHERE land_area(w.ground) > 500
    ORDER BY w.fault DESC, land_area(w.ground) DESC, w.other;
END
$$;
-- +goose StatementEnd

-- land_holds is the last word, whatever the path by which rows come in. The ledger asks land_faults before, to say it in words.
-- +goose StatementBegin
CREATE FUNCTION land_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM land_take_turn(); -- what follows is a statement of its own and sees what others committed meanwhile
    IF EXISTS (SELECT FROM written w JOIN shape s ON s.hash IN (w.recovered, w.effective) WHERE NOT ST_IsValid(s.geom)) THEN
        RAISE EXCEPTION 'land with an invalid polygon' USING ERRCODE = 'check_violation', CONSTRAINT = 'land_valid';
    END IF;
    SELECT f.* INTO wrong FROM (
        SELECT array_agg(w.case_id) AS cases, array_agg(r.geom) AS recovered, array_agg(e.geom) AS effective
        FROM written w JOIN shape r ON r.hash = w.recovered LEFT JOIN shape e ON e.hash = w.effective
    ) a CROSS JOIN LATERAL land_faults(a.cases, a.recovered, a.effective, '{}') f LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'land of case %: % %, % m2', wrong.case_id, wrong.fault, wrong.other, wrong.area / 10000.0
            USING ERRCODE = 'check_violation', CONSTRAINT = wrong.fault;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER land_inserted AFTER INSERT ON land REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION land_holds();
CREATE TRIGGER land_updated AFTER UPDATE ON land REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION land_holds();

-- land_zone is the ground near a place that a rule excludes: features of a layer, of some classes or all, with so many metres about them.
-- +goose StatementBegin
CREATE FUNCTION land_zone(p_near geometry, p_layer text, p_classes text[], p_metres float8) RETURNS geometry
LANGUAGE plpgsql STABLE SET search_path = guatu, public, pg_temp AS $$
DECLARE
    box geometry := ST_Transform(ST_Expand(ST_Transform(p_near, 4549), 2 * p_metres + 10), 4490);
BEGIN
    RETURN (
        SELECT ST_Transform(ST_Union(ST_Buffer(ST_Transform(ST_Intersection(s.geom, box), 4549), p_metres)), 4490)
        FROM reference_shape s JOIN reference r ON r.shape = s.hash
        WHERE s.geom && box AND r.layer = p_layer AND (cardinality(p_classes) = 0 OR r.class = ANY (p_classes))
    );
END
$$;
-- +goose StatementEnd

-- land_effective takes the excluded ground off the recovered: rules are tried in order, and what two of them exclude is taken
-- off once, by the first. With an effective polygon given it says only what lies between. Areas are by rule, then the rest
-- that no rule explains; scraps below 0.05 m² are no effective land.
-- +goose StatementBegin
CREATE FUNCTION land_effective(p_recovered geometry, p_given geometry, p_rules jsonb)
RETURNS TABLE (effective geometry, areas bigint[])
LANGUAGE plpgsql STABLE SET search_path = guatu, public, pg_temp AS $$
DECLARE
    ground geometry := CASE WHEN p_given IS NULL THEN p_recovered ELSE ST_Difference(p_recovered, p_given) END;
    zone   geometry;
    rule   jsonb;
BEGIN
    areas := '{}';
    FOR rule IN SELECT r.value FROM jsonb_array_elements(p_rules) WITH ORDINALITY AS r (value, place) ORDER BY r.place LOOP
        zone := land_zone(p_recovered, rule->>'layer', ARRAY(SELECT jsonb_array_elements_text(rule->'classes')), (rule->>'metres')::float8);
        IF zone IS NULL OR ST_IsEmpty(zone) THEN
            areas := areas || 0::bigint;
            CONTINUE;
        END IF;
        areas := areas || land_area(ST_CollectionExtract(ST_Intersection(ground, zone), 3));
        ground := ST_Difference(ground, zone);
    END LOOP;
    ground := (SELECT ST_Multi(ST_Collect(d.geom)) FROM ST_Dump(ST_CollectionExtract(ground, 3)) d WHERE land_area(d.geom) > 500);
    effective := coalesce(p_given, ground);
    areas := areas || CASE WHEN p_given IS NULL THEN 0 ELSE land_area(ground) END;
    RETURN NEXT;
END
$$;
-- +goose StatementEnd

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

REVOKE ALL ON FUNCTION land_take_turn, land_holds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land_take_turn TO guatu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON land TO guatu_app;
GRANT SELECT ON land_history TO guatu_app;
GRANT SELECT ON land, land_history TO guatu_reader;
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
END
$$;
-- +goose StatementEnd
DROP TABLE land_turn, land_history, land;
DROP FUNCTION land_effective, land_zone, land_holds, land_faults, land_area, land_take_turn;
RESET ROLE;
