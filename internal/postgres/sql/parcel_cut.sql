-- The polygon of shape $1 taken apart along the line $2: what it was, and its pieces from west to east. A sliver is what findings_make.sql calls one.
WITH old AS MATERIALIZED (SELECT geom FROM shape WHERE hash = $1),
line AS MATERIALIZED (SELECT ST_GeomFromEWKB($2::bytea) AS geom),
piece AS MATERIALIZED (
    SELECT d.geom FROM old o CROSS JOIN line l CROSS JOIN LATERAL ST_Dump(ST_CollectionExtract(ST_Split(o.geom, l.geom), 3)) d
    WHERE ST_IsSimple(l.geom)
)
SELECT (SELECT ST_IsSimple(l.geom) FROM line l), (SELECT ST_AsEWKB(o.geom, 'NDR') FROM old o),
    coalesce((SELECT array_agg(ST_AsEWKB(ST_Multi(p.geom), 'NDR') ORDER BY ST_X(ST_Centroid(p.geom)), ST_Y(ST_Centroid(p.geom)) DESC) FROM piece p), '{}'),
    coalesce((SELECT array_agg(land_area(p.geom) < 100000 OR 2 * ST_Area(p.geom::geography) < 0.5 * ST_Perimeter(p.geom::geography)
        ORDER BY ST_X(ST_Centroid(p.geom)), ST_Y(ST_Centroid(p.geom)) DESC) FROM piece p), '{}')
