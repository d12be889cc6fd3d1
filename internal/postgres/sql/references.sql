SELECT r.id, r.version, r.layer, r.code, r.name, r.class, r.shape, r.attributes
FROM reference r
WHERE ($1::bigint[] IS NULL AND $2::text[] IS NULL) OR r.id = ANY($1) OR r.layer = ANY($2)
ORDER BY r.id
