INSERT INTO parcel (id, version, code, label, unit_id, shape, attributes)
VALUES ($1, $2, $3, $4, (SELECT u.id FROM unit u WHERE u.code = nullif($5, '')), $6, coalesce($7::jsonb, '{}'))
ON CONFLICT ON CONSTRAINT parcel_pk DO UPDATE SET version = excluded.version, code = excluded.code, label = excluded.label,
    unit_id = excluded.unit_id, shape = excluded.shape, attributes = excluded.attributes
