-- The milestones of all cases that an operation leaves: $1 the cases, $2 what they have.
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS w (case_id bigint, code text, plan_on date, plan_original date, done_on date,
        not_applicable boolean, reason text, note text, actor text, checks text)
), gone AS (
    DELETE FROM milestone m WHERE m.case_id = ANY ($1::bigint[]) AND NOT EXISTS (SELECT FROM wanted w WHERE w.case_id = m.case_id AND w.code = m.code)
)
INSERT INTO milestone AS m (case_id, code, plan_on, plan_original, done_on, not_applicable, reason, note, actor, checks)
SELECT w.case_id, w.code, w.plan_on, w.plan_original, w.done_on, coalesce(w.not_applicable, false), coalesce(w.reason, ''), coalesce(w.note, ''), coalesce(w.actor, ''), coalesce(w.checks, '')
FROM wanted w
ON CONFLICT ON CONSTRAINT milestone_pk DO UPDATE SET plan_on = excluded.plan_on, plan_original = excluded.plan_original,
    done_on = excluded.done_on, not_applicable = excluded.not_applicable, reason = excluded.reason, note = excluded.note, actor = excluded.actor, checks = excluded.checks
WHERE (m.plan_on, m.plan_original, m.done_on, m.not_applicable, m.reason, m.note, m.actor, m.checks)
    IS DISTINCT FROM (excluded.plan_on, excluded.plan_original, excluded.done_on, excluded.not_applicable, excluded.reason, excluded.note, excluded.actor, excluded.checks)
