SELECT j.id, j.recorded_at, j.happened_at, j.actor, j.actor, j.device, j.op_id, j.batch_id,
    j.kind, j.kind_version, j.noun, j.noun_id, j.base_version, j.version, j.body
FROM journal j WHERE j.noun = 'reference' AND j.id <= $1 ORDER BY j.noun_id, j.id
