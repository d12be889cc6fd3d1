-- Policies of sheets ask sees_noun instead of the tables of nouns: with those and their own policies each write of a sheet began a plan of
-- some three hundred nodes, which took milliseconds. Who sees and writes what stays as it is.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- +goose StatementBegin
DO $$
DECLARE
    seen text := '(SELECT guatu.whole()) OR CASE WHEN noun IN (''case'', ''enterprise'') THEN guatu.sees_noun(noun, noun_id)
        ELSE (SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]) END';
    changed text := format('(SELECT guatu.may_write()) AND (%s)', seen);
BEGIN
    EXECUTE format('ALTER POLICY app_select ON sheet USING (%s)', seen);
    EXECUTE format('ALTER POLICY app_insert ON sheet WITH CHECK (%s)', changed);
    EXECUTE format('ALTER POLICY app_update ON sheet USING (%1$s) WITH CHECK (%1$s)', changed);
    EXECUTE format('ALTER POLICY app_delete ON sheet USING (%s)', changed);
END
$$;
-- +goose StatementEnd
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- +goose StatementBegin
DO $$
DECLARE
    seen text := '(SELECT guatu.whole()) OR CASE noun
        WHEN ''case'' THEN EXISTS (SELECT FROM guatu.case_file c WHERE c.id = noun_id)
        WHEN ''enterprise'' THEN EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = noun_id)
        ELSE (SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]) END';
    changed text := format('(SELECT guatu.may_write()) AND (%s)', seen);
BEGIN
    EXECUTE format('ALTER POLICY app_select ON sheet USING (%s)', seen);
    EXECUTE format('ALTER POLICY app_insert ON sheet WITH CHECK (%s)', changed);
    EXECUTE format('ALTER POLICY app_update ON sheet USING (%1$s) WITH CHECK (%1$s)', changed);
    EXECUTE format('ALTER POLICY app_delete ON sheet USING (%s)', changed);
END
$$;
-- +goose StatementEnd
RESET ROLE;
