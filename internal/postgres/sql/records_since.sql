-- Entries past a revision about what units are appraised by. A sheet says whose it is when it is made.
SELECT j.id, j.recorded_at, j.happened_at, j.actor, j.actor, j.device, j.op_id, j.batch_id,
    j.kind, j.kind_version, j.noun, j.noun_id, j.base_version, j.version, j.body
FROM journal j
WHERE j.id > $1 AND j.noun IN ('order', 'bulletin', 'bulletin_answer', 'sheet')
  AND (j.noun <> 'sheet' OR j.noun_id IN (SELECT m.noun_id FROM journal m WHERE m.noun = 'sheet' AND m.version = 1 AND m.body::jsonb->'after'->>'of' = 'unit'))
ORDER BY j.id
