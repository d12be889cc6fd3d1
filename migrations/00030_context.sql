-- Who looks at the rows: the context of row-level security, and the functions that policies ask.
--
-- guatu.context is set for one transaction (or, by a program's own role, for its connection): without it no policy lets a row
-- through. It is one of
--   program                        the program's own work: set-up, jobs, the memory of lists, verify
--   person|role|unit|village|code|id  somebody; an empty unit is the whole district, an empty village the whole unit; id is the unit's
--   memory, gate, audit            what the roles guatu_reader, guatu_gate and guatu_auditor are for
-- Policies ask these functions as init-plans, (SELECT guatu.whole()), so that they are answered once a statement. A policy on
-- something of a unit reads
--   (SELECT guatu.whole()) OR unit_id = ANY ((SELECT guatu.own_units())::bigint[])
-- and on something of a case
--   EXISTS (SELECT FROM guatu.case_file c WHERE c.id = case_id)      -- case_file's own policies decide
-- with AND (SELECT guatu.may_write()) for INSERT, UPDATE, DELETE. guatu.sees_unit(unit_id) says the same of one unit, in functions.
-- A migration that changes rows as guatu_owner says SET LOCAL guatu.context = 'program' first: the owner is under the policies too.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

-- context_part is a part of the context, '' where there is none.
CREATE FUNCTION context_part(p_place integer) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN split_part(coalesce(current_setting('guatu.context', true), ''), '|', p_place);

-- in_context: somebody is named at all.
CREATE FUNCTION in_context() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('guatu.context', true), '') <> '';

-- context_is: the context is one of the programs'.
CREATE FUNCTION context_is(p_program text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('guatu.context', true), '') = p_program;

-- whole: everything of the district may be seen. An operator of a park is a firm: it sees what everybody sees.
CREATE FUNCTION whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(3) = '' AND context_part(2) NOT IN ('', 'park'));

-- own_units is the id of the person's unit, in a list; none for people of the whole district, and for programs. The program says
-- the id with the code, so that no policy has to look it up.
CREATE FUNCTION own_units() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN context_part(1) = 'person' AND context_part(2) NOT IN ('', 'park') THEN string_to_array(nullif(context_part(6), ''), ',')::bigint[] END;

-- own_village is the code of the person's village, NULL for a whole unit.
CREATE FUNCTION own_village() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(context_part(4), '');

-- actor_code is the code of the person, '' for programs.
CREATE FUNCTION actor_code() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN context_part(1) = 'person' THEN context_part(5) ELSE '' END;

-- may_write: the role changes anything at all; what exactly is judged by the program.
CREATE FUNCTION may_write() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN context_part(1) = 'program' OR (context_part(1) = 'person' AND context_part(2) NOT IN ('', 'viewer', 'park'));

-- sees_unit: names, people and documents of the unit may be seen. In a policy write it out, as above: this is asked for each row.
CREATE FUNCTION sees_unit(p_unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN whole() OR (p_unit = ANY (own_units()) AND own_village() IS NULL);
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP FUNCTION sees_unit, may_write, actor_code, own_village, own_units, whole, context_is, in_context, context_part;
RESET ROLE;
