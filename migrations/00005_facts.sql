-- What the figures count: of cases, who, what kind, which village and batch, land as accepted, side states; enterprises.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE enterprise (
    id           bigint NOT NULL CONSTRAINT enterprise_pk PRIMARY KEY,
    version      bigint NOT NULL CONSTRAINT enterprise_version_positive CHECK (version > 0),
    code         text CONSTRAINT enterprise_code_unique UNIQUE CONSTRAINT enterprise_code_not_empty CHECK (code <> ''),
    name         text NOT NULL,
    label        text NOT NULL,
    kind         text NOT NULL,
    unit_id      bigint CONSTRAINT enterprise_unit_fk REFERENCES unit,
    village      text NOT NULL DEFAULT '',
    industry     text NOT NULL DEFAULT '',
    above_scale  boolean NOT NULL DEFAULT false,
    evaluations  jsonb NOT NULL DEFAULT '{}',
    tax_per_mu   jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN enterprise.code IS 'Unified social credit code (GB 32100); workshops often have none';
COMMENT ON COLUMN enterprise.label IS 'What may be shown publicly: the name, or “XX村作坊12号” where the name would be a person''s';
COMMENT ON COLUMN enterprise.evaluations IS 'Class A to D by year; a year without a class is 未评价';
COMMENT ON COLUMN enterprise.tax_per_mu IS 'Yuan per mu by year';
CREATE INDEX enterprise_name_idx ON enterprise (name);

-- Codes count up for each prefix.
CREATE TABLE case_counter (
    campaign_id bigint NOT NULL CONSTRAINT case_counter_campaign_fk REFERENCES campaign,
    prefix      text NOT NULL,
    next        bigint NOT NULL CONSTRAINT case_counter_next_positive CHECK (next > 0),
    CONSTRAINT case_counter_pk PRIMARY KEY (campaign_id, prefix)
);
COMMENT ON TABLE case_counter IS 'Counters of case codes; not part of the journalled state';
INSERT INTO case_counter SELECT id, definition->>'case_prefix', next_case FROM campaign;
ALTER TABLE campaign DROP COLUMN next_case;

ALTER TABLE milestone ADD COLUMN checks text NOT NULL DEFAULT '';
COMMENT ON COLUMN milestone.checks IS 'Boxes ticked (两断三清), codes separated by commas';

ALTER TABLE case_file
    ADD COLUMN batch         text NOT NULL DEFAULT '',
    ADD COLUMN village       text NOT NULL DEFAULT '',
    ADD COLUMN kind          text NOT NULL DEFAULT '',
    ADD COLUMN disposal      text NOT NULL DEFAULT '',
    ADD COLUMN enterprise_id bigint CONSTRAINT case_file_enterprise_fk REFERENCES enterprise,
    ADD COLUMN recovered     bigint NOT NULL DEFAULT 0,
    ADD COLUMN effective     bigint NOT NULL DEFAULT 0 CONSTRAINT case_file_effective_within_recovered CHECK (effective BETWEEN 0 AND recovered),
    ADD COLUMN floor         bigint NOT NULL DEFAULT 0 CONSTRAINT case_file_floor_not_negative CHECK (floor >= 0),
    ADD COLUMN rebounds      integer NOT NULL DEFAULT 0,
    ADD COLUMN sides         jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN requests      jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN case_file.recovered IS 'Recovered land as accepted (认定面积), 0.0001 m²; 0 before';
COMMENT ON COLUMN case_file.sides IS 'Side states in force, by code: since, reason, by, approved';
CREATE INDEX case_file_enterprise_idx ON case_file (enterprise_id);

ALTER TABLE case_history
    ADD COLUMN batch     text NOT NULL DEFAULT '',
    ADD COLUMN village   text NOT NULL DEFAULT '',
    ADD COLUMN kind      text NOT NULL DEFAULT '',
    ADD COLUMN disposal  text NOT NULL DEFAULT '',
    ADD COLUMN recovered bigint NOT NULL DEFAULT 0,
    ADD COLUMN effective bigint NOT NULL DEFAULT 0,
    ADD COLUMN floor     bigint NOT NULL DEFAULT 0,
    ADD COLUMN rebounds  integer NOT NULL DEFAULT 0,
    ADD COLUMN sides     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN passed    jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN case_history.passed IS 'Milestones done, with their day, and not applicable ones, with an empty day';
-- What was passed at each version is in the journal.
UPDATE case_history h SET passed = coalesce((
    SELECT jsonb_object_agg(substr(m.key, 11), coalesce(m.value->>'done_on', '')) FROM (
        SELECT DISTINCT ON (k.key) k.key, j.body::jsonb->'after'->k.key AS value
        FROM journal j, jsonb_object_keys(coalesce(j.body::jsonb->'after', '{}') || coalesce(j.body::jsonb->'before', '{}')) AS k (key)
        WHERE j.noun = 'case' AND j.noun_id = h.case_id AND j.version <= h.version AND k.key LIKE 'milestone/%'
        ORDER BY k.key, j.version DESC
    ) m WHERE m.value->>'done_on' IS NOT NULL OR (m.value->>'not_applicable')::boolean
), '{}');

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

GRANT SELECT, INSERT, UPDATE, DELETE ON enterprise TO guatu_app;
GRANT SELECT, INSERT, UPDATE ON case_counter TO guatu_app;
GRANT SELECT (id, version, label, kind, unit_id, village, industry, above_scale, evaluations, tax_per_mu) ON enterprise TO guatu_reader;
GRANT SELECT (batch, village, kind, disposal, enterprise_id, recovered, effective, floor, rebounds) ON case_file TO guatu_reader;
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
REVOKE SELECT (batch, village, kind, disposal, enterprise_id, recovered, effective, floor, rebounds) ON case_file FROM guatu_reader;
ALTER TABLE case_history DROP COLUMN batch, DROP COLUMN village, DROP COLUMN kind, DROP COLUMN disposal, DROP COLUMN recovered, DROP COLUMN effective,
    DROP COLUMN floor, DROP COLUMN rebounds, DROP COLUMN sides, DROP COLUMN passed;
ALTER TABLE case_file DROP COLUMN batch, DROP COLUMN village, DROP COLUMN kind, DROP COLUMN disposal, DROP COLUMN enterprise_id, DROP COLUMN recovered,
    DROP COLUMN effective, DROP COLUMN floor, DROP COLUMN rebounds, DROP COLUMN sides, DROP COLUMN requests;
ALTER TABLE milestone DROP COLUMN checks;
DROP TABLE enterprise;
ALTER TABLE campaign ADD COLUMN next_case bigint NOT NULL DEFAULT 1 CONSTRAINT campaign_next_case_positive CHECK (next_case > 0);
COMMENT ON COLUMN campaign.next_case IS 'Counter of case codes; not part of the journalled state';
UPDATE campaign c SET next_case = k.next FROM case_counter k WHERE k.campaign_id = c.id AND k.prefix = c.definition->>'case_prefix';
DROP TABLE case_counter;
RESET ROLE;
