-- The layer as a database would encode it; 9 decimals, as the map's own. $1 to $4 are a box, or null.
SELECT '{"type":"FeatureCollection","features":[' || coalesce(string_agg(
    '{"type":"Feature","id":' || p.id || ',"properties":'
    || json_build_object('id', p.id, 'code', p.code, 'label', p.label, 'unit', coalesce(u.code, ''), 'm2', s.area / 10000.0)::text
    || ',"geometry":' || ST_AsGeoJSON(s.geom, 9, 0) || '}', E',\n' ORDER BY p.id), '') || ']}'
FROM parcel p JOIN shape s ON s.hash = p.shape LEFT JOIN unit u ON u.id = p.unit_id
WHERE $1::float8 IS NULL OR s.geom && ST_MakeEnvelope($1, $2, $3, $4, 4490)
