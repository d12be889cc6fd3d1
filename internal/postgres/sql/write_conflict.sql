INSERT INTO quarantine (id, version, noun, noun_id, field, standing, kept, actor, happened_at, resolution)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT ON CONSTRAINT quarantine_pk DO UPDATE SET version = excluded.version, resolution = excluded.resolution
