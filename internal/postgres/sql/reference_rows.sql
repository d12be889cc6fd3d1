SELECT r.layer, r.id, r.code, r.name, r.class, r.attributes, ST_AsEWKB(s.geom, 'NDR')
FROM reference r JOIN reference_shape s ON s.hash = r.shape
WHERE $1::text[] IS NULL OR r.layer = ANY($1)
ORDER BY r.id
