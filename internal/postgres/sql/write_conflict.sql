INSERT INTO quarantine (id, version, noun, noun_id, field, standing, kept, actor, happened_at, resolution, why)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT ON CONSTRAINT quarantine_pk DO UPDATE SET version = excluded.version, resolution = excluded.resolution
