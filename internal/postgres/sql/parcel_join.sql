-- The ground of the shapes $1 as one; whether they lie edge to edge; what they count twice; and how far the one is from its nearest
-- neighbour that is farthest from the others, in m.
WITH part AS MATERIALIZED (SELECT n.place, s.geom, s.area FROM unnest($1::bytea[]) WITH ORDINALITY AS n (hash, place) JOIN shape s USING (hash)),
whole AS MATERIALIZED (SELECT ST_Union(geom) AS geom, sum(area)::bigint AS area, sum(ST_NumGeometries(geom)) - count(*) + 1 AS most FROM part)
SELECT ST_AsEWKB(ST_Multi(w.geom), 'NDR'), ST_NumGeometries(w.geom) <= w.most, greatest(w.area - land_area(w.geom), 0),
    (SELECT coalesce(max(near.gap), 0) FROM part p CROSS JOIN LATERAL (
        SELECT min(ST_Distance(p.geom::geography, q.geom::geography)) AS gap FROM part q WHERE q.place <> p.place) near)
FROM whole w
