-- Operations of phones that a rule refused (未入账), with all that was asked: nothing that was done in the field is lost by a
-- refusal. Somebody sends them again through the one door, or dismisses them for a reason; either settles them once.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE held_operation (
    op_id       uuid        NOT NULL CONSTRAINT held_operation_pk PRIMARY KEY,
    actor       text        NOT NULL,
    device      text        NOT NULL,
    happened_at timestamptz NOT NULL,
    told_at     timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    refusal     json        NOT NULL,
    asked       json        NOT NULL,
    cases       bigint[]    NOT NULL,
    photos      bytea[]     NOT NULL,
    settled     text        NOT NULL DEFAULT '' CONSTRAINT held_operation_settled_known CHECK (settled IN ('', 'replayed', 'dismissed')),
    settled_by  text        NOT NULL DEFAULT '',
    settled_at  timestamptz,
    reason      text        NOT NULL DEFAULT '',
    CONSTRAINT held_operation_settled_by_somebody CHECK ((settled = '') = (settled_by = '') AND (settled = '') = (settled_at IS NULL)),
    CONSTRAINT held_operation_dismissed_for_a_reason CHECK (settled <> 'dismissed' OR reason <> '')
);
COMMENT ON TABLE held_operation IS 'What phones asked for and a rule refused, kept as it was asked; one that came on a file is here once it was sent again';
COMMENT ON COLUMN held_operation.told_at IS 'By the clock of the phone';
COMMENT ON COLUMN held_operation.asked IS 'The changes, as the interface takes them';
COMMENT ON COLUMN held_operation.photos IS 'SHA-256 of the pictures that go with it; their files stay while it is open';
CREATE INDEX held_operation_open_idx ON held_operation (received_at) WHERE settled = '';

-- What was settled stays so, and what was asked stays as it was.
-- +goose StatementBegin
CREATE FUNCTION held_operation_settles_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'operation % was settled already', OLD.op_id USING ERRCODE = 'check_violation', CONSTRAINT = 'held_operation_settles_once';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER held_operation_settles_once BEFORE UPDATE ON held_operation FOR EACH ROW WHEN (OLD.settled <> '') EXECUTE FUNCTION held_operation_settles_once();

ALTER TABLE held_operation ENABLE ROW LEVEL SECURITY;
ALTER TABLE held_operation FORCE ROW LEVEL SECURITY;

-- +goose StatementBegin
DO $$
DECLARE
    mine    text := '((SELECT guatu.context_is(''program'')) OR actor = (SELECT guatu.actor_code()))';
    theirs  text := '((SELECT guatu.whole()) OR EXISTS (SELECT FROM guatu.case_file c WHERE c.id = ANY (cases)))';
    settles text := '((SELECT guatu.may_write()) AND (settled = '''' OR settled_by = (SELECT guatu.actor_code())))';
BEGIN
    EXECUTE format('CREATE POLICY app_select ON held_operation FOR SELECT TO guatu_app USING (%s OR %s)', mine, theirs);
    EXECUTE format('CREATE POLICY app_insert ON held_operation FOR INSERT TO guatu_app WITH CHECK (%s OR %s AND %s)', mine, theirs, settles);
    EXECUTE format('CREATE POLICY app_update ON held_operation FOR UPDATE TO guatu_app USING ((SELECT guatu.may_write()) AND %s) WITH CHECK (%s)', theirs, settles);
END
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE (settled, settled_by, settled_at, reason) ON held_operation TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP TABLE held_operation;
DROP FUNCTION held_operation_settles_once();
RESET ROLE;
