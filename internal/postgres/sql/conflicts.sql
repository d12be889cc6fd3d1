SELECT q.id, q.version, q.noun, q.noun_id, q.field, q.standing, q.kept, q.actor, q.happened_at, q.resolution, q.why,
    coalesce(p.name, q.actor), j.recorded_at, c.code, c.label, c.track, coalesce(s.actor, ''), coalesce(w.name, s.actor, ''), s.recorded_at, s.happened_at
FROM quarantine q
JOIN journal j ON j.noun = 'quarantine' AND j.noun_id = q.id AND j.version = 1
JOIN case_file c ON q.noun = 'case' AND c.id = q.noun_id
LEFT JOIN person p ON p.code = q.actor
LEFT JOIN LATERAL ( -- who wrote the value that stood when the other was kept
    SELECT e.actor, e.recorded_at, e.happened_at FROM journal e
    WHERE e.noun = 'case' AND e.noun_id = q.noun_id AND e.id < j.id
      AND (e.body::jsonb->'after' ? q.field OR e.body::jsonb->'before' ? q.field)
    ORDER BY e.id DESC LIMIT 1
) s ON true
LEFT JOIN person w ON w.code = s.actor
WHERE $1 = 0 OR q.noun_id = $1
ORDER BY q.resolution <> '', q.id DESC
