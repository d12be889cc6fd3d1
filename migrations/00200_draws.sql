-- Draws of cases to look at again (双随机抽取) are sheets of the campaign: everybody inside may repeat one from its record, the district makes them.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE sheet DROP CONSTRAINT sheet_noun_known;
ALTER TABLE sheet ADD CONSTRAINT sheet_noun_known CHECK (noun IN ('case', 'enterprise', 'reference', 'unit', 'campaign'));
-- +goose StatementBegin
DO $$
DECLARE
    own     text := 'WHEN noun IN (''case'', ''enterprise'') THEN guatu.sees_noun(noun, noun_id)';
    others  text := 'ELSE (SELECT guatu.own_village()) IS NULL AND unit_id = ANY ((SELECT guatu.own_units())::bigint[]) END';
    seen    text := format('(SELECT guatu.whole()) OR CASE WHEN noun = ''campaign'' THEN (SELECT guatu.insider()) %s %s', own, others);
    changed text := format('(SELECT guatu.may_write()) AND ((SELECT guatu.whole()) OR CASE WHEN noun = ''campaign'' THEN false %s %s)', own, others);
BEGIN
    EXECUTE format('ALTER POLICY app_select ON sheet USING (%s)', seen);
    EXECUTE format('ALTER POLICY app_insert ON sheet WITH CHECK (%s)', changed);
    EXECUTE format('ALTER POLICY app_update ON sheet USING (%1$s) WITH CHECK (%1$s)', changed);
    EXECUTE format('ALTER POLICY app_delete ON sheet USING (%s)', changed);
END
$$;
-- A draw is what came out: nobody draws again until it suits.
CREATE FUNCTION draw_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'draw % has been made', OLD.id USING ERRCODE = 'restrict_violation', CONSTRAINT = 'draw_stays';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER draw_stays BEFORE UPDATE OR DELETE ON sheet FOR EACH ROW WHEN (OLD.code = 'revisit_draw') EXECUTE FUNCTION draw_stays();
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TRIGGER draw_stays ON sheet;
DROP FUNCTION draw_stays;
DELETE FROM sheet WHERE noun = 'campaign';
ALTER TABLE sheet DROP CONSTRAINT sheet_noun_known;
ALTER TABLE sheet ADD CONSTRAINT sheet_noun_known CHECK (noun IN ('case', 'enterprise', 'reference', 'unit'));
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
