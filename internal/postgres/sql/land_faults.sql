-- Polygons that are not stored yet come along; the others are read by their names.
SELECT f.fault, f.case_id, f.other, f.area, ST_X(p.at), ST_Y(p.at), ST_AsEWKB(f.ground, 'NDR')
FROM (
    SELECT array_agg(m.case_id ORDER BY m.place) AS cases,
        array_agg(coalesce(ST_GeomFromEWKB(m.recovered_wire), r.geom) ORDER BY m.place) AS recovered,
        array_agg(coalesce(ST_GeomFromEWKB(m.effective_wire), e.geom) ORDER BY m.place) AS effective
    FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) WITH ORDINALITY
        AS m (case_id, recovered, recovered_wire, effective, effective_wire, place)
    LEFT JOIN shape r ON r.hash = m.recovered LEFT JOIN shape e ON e.hash = m.effective
) a CROSS JOIN LATERAL land_faults(a.cases, a.recovered, a.effective, $6::bigint[]) f
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.ground) AS at) p
