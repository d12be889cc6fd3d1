-- How much of the parcels of enterprises lies in zones of reference layers, per cent with one decimal, and the day on which the layer changed
-- last, UTC+8. $1: the overlays as JSON; $2, $3: cases, enterprises, NULL for all. A layer without features gives no row.
WITH rule AS (
    SELECT r.*, (SELECT to_char(max(j.recorded_at) AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM-DD') FROM journal j WHERE j.noun = 'reference'
        AND (j.noun_id IN (SELECT f.id FROM reference f WHERE f.layer = r.layer) OR j.body::jsonb #>> '{before,layer}' = r.layer)) AS layer_on
    FROM jsonb_to_recordset($1::jsonb) AS r (code text, layer text, classes text[], tracks text[])
    WHERE EXISTS (SELECT FROM reference f WHERE f.layer = r.layer)
), ground AS MATERIALIZED (
    SELECT DISTINCT c.enterprise_id, r.code, s.hash, s.geom
    FROM rule r JOIN case_file c ON c.track = ANY (r.tracks) AND c.enterprise_id IS NOT NULL
    JOIN case_parcel cp ON cp.case_id = c.id JOIN parcel p ON p.id = cp.parcel_id JOIN shape s ON s.hash = p.shape
    WHERE ($2::bigint[] IS NULL OR c.enterprise_id IN (SELECT n.enterprise_id FROM case_file n WHERE n.id = ANY ($2)))
        AND ($3::bigint[] IS NULL OR c.enterprise_id = ANY ($3))
), laid AS (
    SELECT g.enterprise_id, g.code, ST_Area(g.geom::geography) AS whole,
        (SELECT ST_Area(ST_Intersection(g.geom, ST_Union(z.geom))::geography) FROM reference f JOIN reference_shape z ON z.hash = f.shape
            WHERE f.layer = r.layer AND (r.classes IS NULL OR f.class = ANY (r.classes)) AND z.geom && g.geom AND ST_Intersects(z.geom, g.geom)) AS inside
    FROM ground g JOIN rule r ON r.code = g.code
)
SELECT l.enterprise_id, l.code, trim_scale(round((100 * sum(coalesce(l.inside, 0)) / sum(l.whole))::numeric, 1))::text, coalesce(r.layer_on, '')
FROM laid l JOIN rule r ON r.code = l.code
GROUP BY l.enterprise_id, l.code, r.layer_on
ORDER BY l.enterprise_id, l.code
