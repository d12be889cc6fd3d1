SELECT p.id, p.code, p.label, coalesce(u.code, ''), s.area, ST_AsEWKB(s.geom, 'NDR')
FROM parcel p JOIN shape s ON s.hash = p.shape LEFT JOIN unit u ON u.id = p.unit_id
ORDER BY p.id
