SELECT q.id, q.version, q.noun, q.noun_id, q.field, q.standing, q.kept, q.actor, q.happened_at, q.resolution,
    coalesce(p.name, q.actor), j.recorded_at
FROM quarantine q
JOIN journal j ON j.noun = 'quarantine' AND j.noun_id = q.id AND j.version = 1
LEFT JOIN person p ON p.code = q.actor
WHERE $1 = 0 OR (q.noun = 'case' AND q.noun_id = $1)
ORDER BY q.resolution <> '', q.id DESC
