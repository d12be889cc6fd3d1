INSERT INTO parcel (id, version, code, label, unit_id, shape, attributes)
SELECT id, 1, code, label, unit_id, hash, attributes FROM staged WHERE old_id IS NULL ORDER BY row
