-- Two methods may differ by 0.001 m² and a billionth.
SELECT encode(hash, 'hex'), hash <> sha256(ST_AsEWKB(geom, 'NDR'))
FROM shape
WHERE hash <> sha256(ST_AsEWKB(geom, 'NDR'))
    OR abs(area - ST_Area(geom::geography) * 10000) > 10 + area / 1e9
    OR abs(plane_area - ST_Area(ST_Transform(geom, 4549)) * 10000) > 10 + area / 1e9
UNION ALL
SELECT encode(hash, 'hex'), true FROM reference_shape WHERE hash <> sha256(ST_AsEWKB(geom, 'NDR'))
ORDER BY 1 LIMIT 100
