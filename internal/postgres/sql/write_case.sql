INSERT INTO case_file (id, version, campaign_id, track, code, label, unit_id, responsible, note, stage, next, deadline,
    batch, village, kind, disposal, enterprise_id, recovered, effective, floor, sides, requests, rebounds)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT u.id FROM unit u WHERE u.campaign_id = $3 AND u.code = $7), $8, $9, $10, nullif($11, ''), nullif($12, '')::date,
    $13, $14, $15, $16, nullif($17::bigint, 0), $18, $19, $20, $21, $22, $23)
ON CONFLICT ON CONSTRAINT case_file_pk DO UPDATE SET version = excluded.version, label = excluded.label, unit_id = excluded.unit_id,
    responsible = excluded.responsible, note = excluded.note, stage = excluded.stage, next = excluded.next, deadline = excluded.deadline,
    batch = excluded.batch, village = excluded.village, kind = excluded.kind, disposal = excluded.disposal, enterprise_id = excluded.enterprise_id,
    recovered = excluded.recovered, effective = excluded.effective, floor = excluded.floor, sides = excluded.sides, requests = excluded.requests, rebounds = excluded.rebounds
