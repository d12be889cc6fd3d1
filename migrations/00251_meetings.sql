-- Meetings that lead the campaign (例会、领导小组会议、联席会议): agenda, decisions, minutes. They are the district's; a unit reads the orders that come of them.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE meeting (
    id        bigint  NOT NULL CONSTRAINT meeting_pk PRIMARY KEY,
    version   bigint  NOT NULL CONSTRAINT meeting_version_positive CHECK (version > 0),
    campaign  text    NOT NULL,
    kind      text    NOT NULL CONSTRAINT meeting_kind_known CHECK (kind IN ('leading', 'joint', 'regular')),
    year      integer NOT NULL,
    number    integer NOT NULL CONSTRAINT meeting_number_positive CHECK (number > 0),
    on_day    date    NOT NULL,
    agenda    jsonb   NOT NULL,
    decisions jsonb   NOT NULL,
    acts      jsonb   NOT NULL,
    CONSTRAINT meeting_number_unique UNIQUE (campaign, year, kind, number)
);
COMMENT ON TABLE meeting IS 'Meetings as they are now; decisions for units are orders';
ALTER TABLE supervision_order ADD COLUMN meeting bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN supervision_order.meeting IS 'The meeting that decided it, 0 for none';

ALTER TABLE meeting ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON meeting FOR SELECT TO guatu_app USING ((SELECT guatu.whole()));
CREATE POLICY app_insert ON meeting FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
CREATE POLICY app_update ON meeting FOR UPDATE TO guatu_app USING ((SELECT guatu.may_write()) AND (SELECT guatu.whole())) WITH CHECK ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
GRANT SELECT, INSERT, UPDATE ON meeting TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
ALTER TABLE supervision_order DROP COLUMN meeting;
DROP TABLE meeting;
RESET ROLE;
