-- The land of a case (shapes $1 and $2) without the ground $3, and how much of it that takes off.
WITH off AS MATERIALIZED (SELECT ST_Union(ST_GeomFromEWKB(w.wire)) AS geom FROM unnest($3::bytea[]) AS w (wire)),
was AS (SELECT r.geom AS recovered, (SELECT e.geom FROM shape e WHERE e.hash = $2) AS effective FROM shape r WHERE r.hash = $1),
kept AS MATERIALIZED (
    SELECT land_area(ST_Intersection(w.recovered, o.geom)) AS off, ST_CollectionExtract(ST_Difference(w.recovered, o.geom), 3) AS recovered,
        ST_CollectionExtract(ST_Difference(w.effective, o.geom), 3) AS effective
    FROM was w CROSS JOIN off o
)
SELECT k.off, CASE WHEN land_area(k.recovered) > 500 THEN ST_AsEWKB(ST_Multi(k.recovered), 'NDR') END,
    CASE WHEN land_area(k.effective) > 500 THEN ST_AsEWKB(ST_Multi(k.effective), 'NDR') END
FROM kept k
