INSERT INTO photo (id, version, case_id, milestone, slot, sha256, author, added_at, taken_at, place, original, arrived, size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT ON CONSTRAINT photo_pk DO UPDATE SET version = excluded.version, arrived = excluded.arrived, size = excluded.size
