INSERT INTO staged (row, code, label, attributes, hash, unit_id, id, old_id, old_version, old_label, old_unit_id, old_shape, old_attributes)
SELECT d.row, d.code, d.label, d.attributes, d.hash,
    coalesce(p.unit_id, (SELECT u.id FROM staged_unit u WHERE ST_Intersects(u.geom, d.inside) ORDER BY u.sort LIMIT 1)),
    CASE WHEN p.id IS NULL THEN nextval('noun_id_seq') ELSE p.id END,
    p.id, p.version, p.label, p.unit_id, p.shape, p.attributes
FROM (SELECT row, code, label, attributes, hash, ST_PointOnSurface(geom) AS inside FROM staged_draft OFFSET 0) d LEFT JOIN parcel p ON p.code = d.code
ORDER BY d.row
