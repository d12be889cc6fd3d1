INSERT INTO case_file (id, version, campaign_id, track, code, label, unit_id, responsible, note, stage, next, deadline)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT u.id FROM unit u WHERE u.campaign_id = $3 AND u.code = $7), $8, $9, $10, nullif($11, ''), nullif($12, '')::date)
ON CONFLICT ON CONSTRAINT case_file_pk DO UPDATE SET version = excluded.version, label = excluded.label, unit_id = excluded.unit_id,
    responsible = excluded.responsible, note = excluded.note, stage = excluded.stage, next = excluded.next, deadline = excluded.deadline
