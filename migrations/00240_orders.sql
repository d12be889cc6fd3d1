-- Orders (督办单): what a unit is to see to by a day, signed for, answered and closed. The district issues them, the unit reads its own.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE supervision_order (
    id       bigint   NOT NULL CONSTRAINT supervision_order_pk PRIMARY KEY,
    version  bigint   NOT NULL CONSTRAINT supervision_order_version_positive CHECK (version > 0),
    campaign text     NOT NULL,
    year     integer  NOT NULL,
    number   integer  NOT NULL CONSTRAINT supervision_order_number_positive CHECK (number > 0),
    unit     text     NOT NULL,
    matter   text     NOT NULL CONSTRAINT supervision_order_matter_said CHECK (matter <> ''),
    cases    bigint[] NOT NULL,
    due_on   date     NOT NULL,
    stage    text     NOT NULL CONSTRAINT supervision_order_stage_known CHECK (stage IN ('issued', 'signed', 'answered', 'closed', 'withdrawn')),
    answer   text     NOT NULL,
    reason   text     NOT NULL,
    acts     jsonb    NOT NULL,
    CONSTRAINT supervision_order_number_unique UNIQUE (campaign, year, number)
);
COMMENT ON TABLE supervision_order IS 'Orders to units (督办单) as they are now; whether one is overdue follows from the clock';
COMMENT ON COLUMN supervision_order.acts IS 'Who brought it to each stage, and when';

ALTER TABLE supervision_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE supervision_order FORCE ROW LEVEL SECURITY;

-- +goose StatementBegin
DO $$
DECLARE
    whole  text := '(SELECT guatu.may_write()) AND (SELECT guatu.whole())';
    theirs text := '((SELECT guatu.whole()) OR (SELECT guatu.insider()) AND (SELECT guatu.own_village()) IS NULL AND unit = (SELECT guatu.context_part(3)))';
BEGIN
    EXECUTE format('CREATE POLICY app_select ON supervision_order FOR SELECT TO guatu_app USING (%s)', theirs);
    EXECUTE format('CREATE POLICY app_insert ON supervision_order FOR INSERT TO guatu_app WITH CHECK (%s)', whole);
    EXECUTE format('CREATE POLICY app_update ON supervision_order FOR UPDATE TO guatu_app USING ((SELECT guatu.may_write()) AND %1$s) WITH CHECK ((SELECT guatu.may_write()) AND %1$s)', theirs);
END
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE ON supervision_order TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TABLE supervision_order;
RESET ROLE;
