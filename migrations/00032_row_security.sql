-- Row-level security, enabled and forced on every table. The policies ask the context of 00030; without one there is no row.
-- Policies are called role_verb. guatu_owner has those that its functions and views need, in a context like everybody else:
-- what they may give to whom is said at each of them below and in internal/postgres/testdata/rights-functions.csv.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

-- insider: a person or program of the administration; an operator of a park is none.
CREATE FUNCTION insider() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'park'));

-- sees_noun asks the policies of a noun's own table, with the rights of who asks. A function, so that a query of the journal is not
-- planned with all those tables.
-- +goose StatementBegin
CREATE FUNCTION sees_noun(p_noun text, p_id bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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

REVOKE DELETE ON campaign, person FROM guatu_app; -- nobody deletes these
GRANT SELECT (unit_id) ON person TO guatu_reader;

-- +goose StatementBegin
DO $$
DECLARE
    -- what a person sees of rows with unit_id, and with unit_id and village; the rows of cases, and their own
    of_unit    text := '(SELECT guatu.whole()) OR ((SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]))';
    of_village text := '(SELECT guatu.whole()) OR (unit_id = ANY ((SELECT guatu.own_units())::bigint[]) AND ((SELECT guatu.own_village()) IS NULL OR village = (SELECT guatu.own_village())))';
    of_case    text := 'EXISTS (SELECT FROM guatu.case_file c WHERE c.id = case_id)';
    kept       text := '(SELECT guatu.whole()) OR (noun = ''case'' AND EXISTS (SELECT FROM guatu.case_file c WHERE c.id = noun_id))';
    operates   text := 'EXISTS (SELECT FROM guatu.case_file c WHERE c.enterprise_id = enterprise.id)';
    carries    text := 'EXISTS (SELECT FROM guatu.case_parcel cp JOIN guatu.case_file c ON c.id = cp.case_id WHERE cp.parcel_id = parcel.id)';
    vacant     text := 'unit_id IS NULL AND (SELECT guatu.insider()) AND NOT EXISTS (SELECT FROM guatu.case_parcel cp WHERE cp.parcel_id = parcel.id)';
    mine       text := '(SELECT guatu.context_is(''program'')) OR actor = (SELECT guatu.actor_code())';
    told       text := '(SELECT guatu.whole()) OR ((SELECT guatu.insider()) AND (actor = (SELECT guatu.actor_code()) OR guatu.sees_noun(noun, noun_id)))';
    anybody    text := '(SELECT guatu.in_context())';
    office     text := '(SELECT guatu.may_write()) AND (SELECT guatu.whole())';
    writes     text := '(SELECT guatu.may_write())';
    program    text := '(SELECT guatu.context_is(''program''))';
    t text;
    p record;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'guatu'::regnamespace AND c.relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOR p IN SELECT * FROM (VALUES
        -- who        on                     may              rows (USING, and WITH CHECK where the next is NULL), rows as they become
        ('app',    'campaign',         'select',        anybody, NULL),
        ('app',    'campaign',         'insert update', office, NULL),
        ('app',    'unit',             'select',        anybody, NULL),
        ('app',    'unit',             'insert update', office, NULL),
        ('app',    'person',           'select',        '(SELECT guatu.whole()) OR (SELECT guatu.insider()) AND (unit_id IS NULL OR unit_id = ANY ((SELECT guatu.own_units())::bigint[])) OR code = (SELECT guatu.actor_code())', NULL),
        ('app',    'person',           'insert update', program, NULL), -- people are set up by the program; pages for it come with the administrators
        ('app',    'shape',            'select',        anybody, NULL),
        ('app',    'shape',            'insert',        writes, NULL),
        ('app',    'parcel',           'select',        of_unit || ' OR ' || carries || ' OR ' || vacant, NULL),
        ('app',    'parcel',           'insert delete', office, NULL),
        ('app',    'parcel',           'update',        writes || ' AND (' || of_unit || ' OR unit_id IS NULL)', writes || ' AND (' || of_unit || ')'),
        ('app',    'case_file',        'select',        of_village, NULL),
        ('app',    'case_file',        'insert update delete', writes || ' AND (' || of_village || ')', NULL),
        ('app',    'milestone',        'select',        of_case, NULL),
        ('app',    'milestone',        'insert update delete', writes || ' AND ' || of_case, NULL),
        ('app',    'case_parcel',      'select',        anybody, NULL), -- ids and areas
        ('app',    'case_parcel',      'insert update delete', writes || ' AND ' || of_case, NULL),
        ('app',    'enterprise',       'select',        of_village || ' OR ' || operates, NULL),
        ('app',    'enterprise',       'insert delete', writes || ' AND (' || of_village || ')', NULL),
        ('app',    'enterprise',       'update',        writes || ' AND (' || of_village || ' OR ' || operates || ')', writes || ' AND (' || of_village || ')'),
        ('app',    'case_counter',     'select insert update', writes, NULL),
        ('app',    'operation',        'select',        '(SELECT guatu.whole()) OR actor = (SELECT guatu.actor_code())', NULL),
        ('app',    'operation',        'insert update', mine, NULL),
        ('app',    'journal',          'select',        told, NULL),
        ('app',    'journal_head',     'select',        anybody, NULL),
        ('app',    'quarantine',       'select',        kept, NULL),
        ('app',    'quarantine',       'insert update', writes || ' AND (' || kept || ')', NULL),
        ('app',    'parcel_history',   'select',        of_unit, NULL),
        ('app',    'case_history',     'select',        of_village, NULL),
        ('app',    'land',             'select',        of_case, NULL),
        ('app',    'land',             'insert update delete', writes || ' AND ' || of_case, NULL),
        ('app',    'land_history',     'select',        '(SELECT guatu.whole()) OR ' || of_case, NULL), -- the case may be gone
        ('app',    'reference',        'select',        anybody, NULL),
        ('app',    'reference',        'insert update delete', office, NULL),
        ('app',    'reference_shape',  'select',        anybody, NULL),
        ('app',    'reference_shape',  'insert',        office, NULL),
        ('owner',  'campaign unit shape parcel case_file milestone case_parcel enterprise quarantine land', 'select', anybody, NULL),
        ('owner',  'operation journal_head', 'select update', anybody, NULL),
        ('owner',  'journal',          'select insert', anybody, NULL),
        ('owner',  'case_history parcel_history land_history land_turn', 'select insert update', anybody, NULL),
        ('reader', 'campaign unit person shape parcel case_file case_parcel enterprise operation journal journal_head case_history parcel_history land land_history reference reference_shape',
                                       'select',        '(SELECT guatu.context_is(''memory''))', NULL),
        ('auditor', 'operation journal journal_head', 'select', '(SELECT guatu.context_is(''audit''))', NULL),
        ('gate',   'person unit',      'select',        '(SELECT guatu.context_is(''gate''))', NULL),
        ('gate',   'account',          'select insert update', '(SELECT guatu.context_is(''gate''))', NULL),
        ('gate',   'session sign_in_attempt', 'select insert update delete', '(SELECT guatu.context_is(''gate''))', NULL)
    ) AS v (who, tables, verbs, rows, becoming) LOOP
        FOR t IN SELECT format('CREATE POLICY %I ON %I FOR %s TO guatu_%s %s', p.who || '_' || verb, name, verb, p.who,
                CASE verb WHEN 'insert' THEN format('WITH CHECK (%s)', coalesce(p.becoming, p.rows))
                    WHEN 'update' THEN format('USING (%s) WITH CHECK (%s)', p.rows, coalesce(p.becoming, p.rows))
                    ELSE format('USING (%s)', p.rows) END)
            FROM unnest(string_to_array(p.tables, ' ')) AS name, unnest(string_to_array(p.verbs, ' ')) AS verb LOOP
            EXECUTE t;
        END LOOP;
    END LOOP;
END
$$;
-- +goose StatementEnd

-- public_case is what everybody inside may know of every case: no label, no operator, no person, no reason, no note.
-- It runs as its owner, so that the other units' rows are there; whoever has no context sees none. It leaves out no row, so there
-- is nothing for a barrier to hold, and an id finds its row by the index.
CREATE VIEW public_case AS
SELECT c.id, c.version, c.campaign_id, c.track, c.code, c.unit_id, c.village, c.stage, c.next, c.deadline, c.batch, c.kind, c.disposal,
    c.recovered, c.effective, c.floor, c.rebounds, ARRAY(SELECT k FROM jsonb_object_keys(c.sides) AS k ORDER BY k COLLATE "C") AS sides,
    coalesce((SELECT jsonb_object_agg(m.code, coalesce(m.done_on::text, '')) FROM milestone m WHERE m.case_id = c.id AND (m.done_on IS NOT NULL OR m.not_applicable)), '{}') AS passed
FROM case_file c;
COMMENT ON VIEW public_case IS 'What people of other units may know of a case';

-- public_parcel likewise: no label, no attributes.
CREATE VIEW public_parcel AS SELECT p.id, p.version, p.code, p.unit_id, p.shape FROM parcel p;
COMMENT ON VIEW public_parcel IS 'What people of other units may know of a parcel';

-- place_of says in whose area something lies, so that the ledger can refuse by the unit''s name; nothing else of it.
CREATE VIEW place_of AS
SELECT 'case' AS noun, c.id, c.unit_id, c.village FROM case_file c
UNION ALL SELECT 'parcel', p.id, p.unit_id, '' FROM parcel p
UNION ALL SELECT 'enterprise', e.id, e.unit_id, e.village FROM enterprise e
UNION ALL SELECT 'quarantine', q.id, c.unit_id, c.village FROM quarantine q JOIN case_file c ON q.noun = 'case' AND c.id = q.noun_id;
COMMENT ON VIEW place_of IS 'The unit and village that a case, parcel, enterprise or conflict belongs to';
GRANT SELECT ON public_case, public_parcel, place_of TO guatu_app;

-- Overlaps are looked for beside the land of all units: it answers with codes, areas and a place, which everybody may know.
ALTER FUNCTION land_faults(bigint[], geometry[], geometry[], bigint[]) SECURITY DEFINER;
REVOKE ALL ON FUNCTION land_faults FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land_faults TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
GRANT EXECUTE ON FUNCTION land_faults TO PUBLIC;
ALTER FUNCTION land_faults(bigint[], geometry[], geometry[], bigint[]) SECURITY INVOKER;
DROP VIEW place_of, public_parcel, public_case;
-- +goose StatementBegin
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'guatu' LOOP
        EXECUTE format('DROP POLICY %I ON guatu.%I', p.policyname, p.tablename);
    END LOOP;
    FOR p IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'guatu'::regnamespace AND c.relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE guatu.%I NO FORCE ROW LEVEL SECURITY', p.relname);
        EXECUTE format('ALTER TABLE guatu.%I DISABLE ROW LEVEL SECURITY', p.relname);
    END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE SELECT (unit_id) ON person FROM guatu_reader;
GRANT DELETE ON campaign, person TO guatu_app;
DROP FUNCTION sees_noun, insider;
RESET ROLE;
