CREATE TEMPORARY TABLE staged ON COMMIT DROP AS
SELECT d.row, d.label, d.attributes, d.hash, d.geom, d.code,
    p.id AS old_id, p.version AS old_version, p.label AS old_label, p.unit_id AS old_unit_id, p.shape AS old_shape, p.attributes AS old_attributes,
    coalesce(p.unit_id, (
        SELECT u.id FROM unit u JOIN shape s ON s.hash = u.shape
        WHERE NOT u.outside AND ST_Intersects(s.geom, ST_PointOnSurface(d.geom)) ORDER BY u.sort LIMIT 1)) AS unit_id,
    CASE WHEN p.id IS NULL THEN nextval('noun_id_seq') ELSE p.id END AS id
FROM (
    SELECT row, label, attributes, sha256(wire) AS hash, ST_GeomFromEWKB(wire) AS geom,
        -- A file without codes: the geometry itself is the name by which a second import finds the parcel again.
        coalesce(nullif(code, ''), 'G' || upper(substr(encode(sha256(wire), 'hex'), 1, 16))) AS code
    FROM staged_draft
) d LEFT JOIN parcel p ON p.code = d.code
