-- All sheets that an operation leaves, each once.
INSERT INTO sheet (id, version, code, noun, noun_id, single, unit_id, filled)
SELECT w.id, w.version, w.code, w.noun, w.noun_id, w.single, (SELECT u.id FROM unit u WHERE u.code = nullif(w.unit, '')), w.filled
FROM jsonb_to_recordset($1::jsonb) AS w (id bigint, version bigint, code text, noun text, noun_id bigint, single boolean, unit text, filled jsonb)
ON CONFLICT ON CONSTRAINT sheet_pk DO UPDATE SET version = excluded.version, noun_id = excluded.noun_id, unit_id = excluded.unit_id, filled = excluded.filled
