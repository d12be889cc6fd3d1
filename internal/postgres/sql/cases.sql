-- Each case with its milestones and shares, and what the rules derived from them.
SELECT c.id, c.version, c.campaign_id, c.track, c.code, c.label, u.code, c.responsible, c.note,
    coalesce((SELECT jsonb_object_agg(m.code, jsonb_build_object(
            'plan_on', m.plan_on, 'plan_original', m.plan_original, 'done_on', m.done_on,
            'not_applicable', m.not_applicable, 'reason', m.reason, 'note', m.note, 'actor', m.actor, 'checks', m.checks))
        FROM milestone m WHERE m.case_id = c.id), '{}'),
    coalesce((SELECT jsonb_agg(jsonb_build_object('parcel', cp.parcel_id, 'area', cp.share) ORDER BY cp.parcel_id)
        FROM case_parcel cp WHERE cp.case_id = c.id), '[]'),
    c.batch, c.village, c.kind, c.disposal, coalesce(c.enterprise_id, 0), c.recovered, c.effective, c.floor, c.sides, c.requests, c.rebounds,
    c.stage, coalesce(c.next, ''), coalesce(c.deadline::text, '')
FROM case_file c JOIN unit u ON u.id = c.unit_id
