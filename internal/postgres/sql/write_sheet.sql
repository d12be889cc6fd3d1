INSERT INTO sheet (id, version, code, noun, noun_id, single, unit_id, filled)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT u.id FROM unit u WHERE u.code = nullif($7, '')), $8)
ON CONFLICT ON CONSTRAINT sheet_pk DO UPDATE SET version = excluded.version, unit_id = excluded.unit_id, filled = excluded.filled
