INSERT INTO reference (id, version, layer, code, name, class, shape, attributes)
SELECT w.id, w.version, w.layer, w.code, w.name, w.class, w.shape, w.attributes::jsonb
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[])
    AS w (id, version, layer, code, name, class, shape, attributes)
ON CONFLICT ON CONSTRAINT reference_pk DO UPDATE SET version = excluded.version, layer = excluded.layer, code = excluded.code,
    name = excluded.name, class = excluded.class, shape = excluded.shape, attributes = excluded.attributes
