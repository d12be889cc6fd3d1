SELECT j.id, j.recorded_at, j.happened_at, j.actor, coalesce(p.name, j.actor), j.device, j.op_id, j.batch_id,
    j.kind, j.kind_version, j.noun, j.noun_id, j.base_version, j.version, j.body
FROM journal j LEFT JOIN person p ON p.code = j.actor
WHERE j.noun = $1 AND j.noun_id = ANY($2) AND j.version > $3 AND j.id >= $4
ORDER BY j.id
