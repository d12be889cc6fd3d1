-- Reminders (催办): who was told that a case is late, on which rung of the overdue ladder or by hand. They are only ever added.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;

CREATE TABLE notice (
    id        bigint      NOT NULL CONSTRAINT notice_pk PRIMARY KEY,
    case_id   bigint      NOT NULL,
    milestone text        NOT NULL,
    due_on    date        NOT NULL,
    rung      text        NOT NULL CONSTRAINT notice_rung_known CHECK (rung IN ('person', 'unit', 'leader', 'wall', 'hand')),
    told_on   date        NOT NULL,
    told_at   timestamptz NOT NULL,
    person    text        NOT NULL,
    author    text        NOT NULL,
    words     text        NOT NULL
);
COMMENT ON TABLE notice IS 'Reminders of late cases, as they were sent; a case that was undone may be gone';
COMMENT ON COLUMN notice.due_on IS 'The day the milestone was planned for: with another plan the ladder begins anew';
COMMENT ON COLUMN notice.person IS 'Who was named for the case then, empty where nobody was';
-- However many servers look, a rung is told once, and by hand once a day.
CREATE UNIQUE INDEX notice_rung_unique ON notice (case_id, milestone, due_on, rung) WHERE rung <> 'hand';
CREATE UNIQUE INDEX notice_hand_unique ON notice (case_id, told_on) WHERE rung = 'hand';

ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON notice FOR SELECT TO guatu_app USING (EXISTS (SELECT FROM guatu.case_file c WHERE c.id = case_id) OR (SELECT guatu.whole()));
CREATE POLICY app_insert ON notice FOR INSERT TO guatu_app WITH CHECK ((SELECT guatu.may_write()) AND (SELECT guatu.whole()));
CREATE POLICY reader_select ON notice FOR SELECT TO guatu_reader USING ((SELECT guatu.context_is('memory')));

-- sees_noun as before, for the nouns there are now.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sees_noun(p_noun text, p_id bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    CASE p_noun
        WHEN 'case' THEN RETURN EXISTS (SELECT FROM guatu.case_file c WHERE c.id = p_id);
        WHEN 'land' THEN RETURN EXISTS (SELECT FROM guatu.land_history l WHERE l.land_id = p_id);
        WHEN 'parcel' THEN RETURN EXISTS (SELECT FROM guatu.parcel p WHERE p.id = p_id);
        WHEN 'enterprise' THEN RETURN EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = p_id);
        WHEN 'quarantine' THEN RETURN EXISTS (SELECT FROM guatu.quarantine q WHERE q.id = p_id);
        WHEN 'photo' THEN RETURN EXISTS (SELECT FROM guatu.photo_history h WHERE h.photo_id = p_id);
        WHEN 'contact' THEN RETURN EXISTS (SELECT FROM guatu.contact c WHERE c.id = p_id);
        WHEN 'notice' THEN RETURN EXISTS (SELECT FROM guatu.notice n WHERE n.id = p_id);
        ELSE RETURN p_noun IN ('campaign', 'unit', 'reference');
    END CASE;
END
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT ON notice TO guatu_app;
GRANT SELECT (id, case_id) ON notice TO guatu_reader;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sees_noun(p_noun text, p_id bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    CASE p_noun
        WHEN 'case' THEN RETURN EXISTS (SELECT FROM guatu.case_file c WHERE c.id = p_id);
        WHEN 'land' THEN RETURN EXISTS (SELECT FROM guatu.land_history l WHERE l.land_id = p_id);
        WHEN 'parcel' THEN RETURN EXISTS (SELECT FROM guatu.parcel p WHERE p.id = p_id);
        WHEN 'enterprise' THEN RETURN EXISTS (SELECT FROM guatu.enterprise e WHERE e.id = p_id);
        WHEN 'quarantine' THEN RETURN EXISTS (SELECT FROM guatu.quarantine q WHERE q.id = p_id);
        WHEN 'photo' THEN RETURN EXISTS (SELECT FROM guatu.photo_history h WHERE h.photo_id = p_id);
        WHEN 'contact' THEN RETURN EXISTS (SELECT FROM guatu.contact c WHERE c.id = p_id);
        ELSE RETURN p_noun IN ('campaign', 'unit', 'reference');
    END CASE;
END
$$;
-- +goose StatementEnd
DROP TABLE notice;
RESET ROLE;
