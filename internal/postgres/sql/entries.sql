SELECT j.id, j.recorded_at, j.happened_at, j.actor, coalesce(p.name, j.actor), j.device, j.op_id, j.batch_id,
    j.kind, j.kind_version, j.noun, j.noun_id, j.base_version, j.version, j.body
FROM journal j LEFT JOIN person p ON p.code = j.actor
WHERE ($1::uuid IS NULL OR j.batch_id = $1)
  AND ($2::text IS NULL OR (j.noun = $2 AND j.noun_id = ANY($3) AND j.version > $4))
ORDER BY j.id
