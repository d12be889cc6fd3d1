-- Finds anew what is wrong with the recovered land of cases ($1), with parcels ($2), with the figures of cases ($3) and with what is
-- counted of parcels ($4), at $5; with all of them ($6) what is found nowhere goes. Areas are in 0.0001 m². Ground of 0.05 m² is no
-- ground of land, as in land_faults; of parcels from 1 m² on.
WITH held AS (
    SELECT l.case_id AS id, r.geom, e.geom AS effective, f.campaign_id, f.unit_id
    FROM unnest($1::bigint[]) AS m (id) JOIN land l ON l.case_id = m.id JOIN case_file f ON f.id = l.case_id
    JOIN shape r ON r.hash = l.recovered LEFT JOIN shape e ON e.hash = l.effective
), plot AS (
    SELECT p.id, p.unit_id, s.geom, s.area FROM unnest($2::bigint[]) AS m (id) JOIN parcel p ON p.id = m.id JOIN shape s ON s.hash = p.shape
), body AS (
    SELECT 'case' AS noun, id, unit_id, geom, 500 AS least FROM held
    UNION ALL SELECT 'parcel', id, unit_id, geom, 10000 FROM plot
), land_pair AS (
    SELECT DISTINCT ON (one, other) least(h.id, l.case_id) AS one, greatest(h.id, l.case_id) AS other, f.campaign_id = h.campaign_id AS same,
        ST_CollectionExtract(ST_Intersection(h.geom, s.geom), 3) AS ground
    FROM held h JOIN shape s ON s.geom && h.geom JOIN land l ON l.recovered = s.hash AND l.case_id <> h.id JOIN case_file f ON f.id = l.case_id
), plot_pair AS (
    SELECT DISTINCT ON (one, other) least(h.id, p.id) AS one, greatest(h.id, p.id) AS other, greatest(h.area, s.area) AS larger,
        ST_CollectionExtract(ST_Intersection(h.geom, s.geom), 3) AS ground
    FROM plot h JOIN shape s ON s.geom && h.geom JOIN parcel p ON p.shape = s.hash AND p.id <> h.id WHERE ST_Intersects(h.geom, s.geom)
), beyond AS MATERIALIZED (
    SELECT b.noun, b.id, b.unit_id, b.least, CASE WHEN o.geom IS NULL THEN b.geom ELSE ST_CollectionExtract(ST_Difference(b.geom, o.geom), 3) END AS ground
    FROM body b LEFT JOIN unit u ON u.id = b.unit_id LEFT JOIN shape o ON o.hash = u.shape
    WHERE EXISTS (SELECT FROM unit d WHERE d.shape IS NOT NULL) AND (o.geom IS NULL OR NOT ST_CoveredBy(b.geom, o.geom))
), nowhere AS MATERIALIZED (
    SELECT b.*, CASE WHEN d.geom IS NULL THEN b.ground ELSE ST_CollectionExtract(ST_Difference(b.ground, d.geom), 3) END AS lost
    FROM beyond b CROSS JOIN LATERAL (SELECT ST_Union(s.geom) AS geom FROM unit u JOIN shape s ON s.hash = u.shape WHERE s.geom && b.ground) d
    WHERE NOT ST_IsEmpty(b.ground)
), counted AS (
    SELECT m.id, f.recovered, r.area AS drawn, r.geom, coalesce(sum(cp.share), 0)::bigint AS land
    FROM unnest($3::bigint[]) AS m (id) JOIN case_file f ON f.id = m.id LEFT JOIN case_parcel cp ON cp.case_id = f.id
    LEFT JOIN land l ON l.case_id = f.id LEFT JOIN shape r ON r.hash = l.recovered
    GROUP BY m.id, f.recovered, r.area, r.geom
), wrong (rule, noun, one, other, area, least, ground) AS (
    SELECT CASE WHEN p.same THEN 'land_overlaps' ELSE 'land_earlier' END, 'case', p.one, p.other, land_area(p.ground), 500, p.ground FROM land_pair p
    UNION ALL
    SELECT 'effective_outside', 'case', h.id, 0, land_area(ST_Difference(h.effective, h.geom)), 500, ST_CollectionExtract(ST_Difference(h.effective, h.geom), 3)
    FROM held h WHERE h.effective IS NOT NULL AND NOT ST_CoveredBy(h.effective, h.geom)
    UNION ALL
    SELECT CASE WHEN a.area >= 0.95 * p.larger THEN 'parcel_twice' ELSE 'parcels_overlap' END, 'parcel', p.one, p.other, a.area, 10000, p.ground
    FROM plot_pair p CROSS JOIN LATERAL (SELECT land_area(p.ground) AS area) a
    UNION ALL
    SELECT 'outside_unit', n.noun, n.id, coalesce(n.unit_id, 0), land_area(n.ground) - land_area(n.lost), n.least, n.ground FROM nowhere n WHERE n.unit_id IS NOT NULL
    UNION ALL
    SELECT 'outside_district', n.noun, n.id, 0, land_area(n.lost), n.least, n.lost FROM nowhere n
    UNION ALL
    SELECT 'sliver', b.noun, b.id, 0, sum(land_area(d.geom))::bigint, 0, ST_Collect(d.geom)
    FROM body b CROSS JOIN LATERAL ST_Dump(b.geom) d
    WHERE land_area(d.geom) < 100000 OR 2 * ST_Area(d.geom::geography) < 0.5 * ST_Perimeter(d.geom::geography) GROUP BY b.noun, b.id
    UNION ALL
    SELECT 'self_touch', b.noun, b.id, 0, 0, -1, b.geom FROM body b WHERE NOT ST_IsSimple(ST_Boundary(b.geom))
    UNION ALL
    SELECT 'shares_over', 'parcel', t.id, 0, max(t.shares - t.area)::bigint, 500, t.geom FROM (
        SELECT p.id, s.area, s.geom, sum(cp.share) AS shares
        FROM unnest($4::bigint[]) AS m (id) JOIN parcel p ON p.id = m.id JOIN shape s ON s.hash = p.shape
        JOIN case_parcel cp ON cp.parcel_id = p.id JOIN case_file f ON f.id = cp.case_id GROUP BY p.id, s.area, s.geom, f.campaign_id, f.track
    ) t WHERE t.shares > t.area GROUP BY t.id, t.geom
    UNION ALL
    SELECT 'over_parcel', 'case', c.id, 0, greatest(c.recovered, c.drawn) - c.land, 66700, c.geom FROM counted c WHERE c.land > 0 AND greatest(c.recovered, c.drawn) > c.land
    UNION ALL
    SELECT 'differs', 'case', c.id, 0, greatest(CASE WHEN c.land > 0 THEN abs(c.recovered - c.land) END, abs(c.recovered - c.drawn)), 0, c.geom
    FROM counted c
    WHERE c.recovered > 0 AND ((c.land > 0 AND abs(c.recovered - c.land) > 0.05 * c.land) OR abs(c.recovered - c.drawn) > 0.05 * c.drawn)
        AND coalesce((SELECT j.body::jsonb->>'note' FROM journal j
            WHERE j.noun = 'case' AND j.noun_id = c.id AND j.kind = 'case.measure' ORDER BY j.version DESC LIMIT 1), '') = ''
), found AS MATERIALIZED (
    SELECT w.rule, w.noun, w.one, w.other, w.area, ST_Multi(coalesce(w.ground, own.geom)) AS ground
    FROM wrong w CROSS JOIN LATERAL (SELECT CASE WHEN w.ground IS NULL
        THEN (SELECT ST_Union(s.geom) FROM case_parcel cp JOIN parcel p ON p.id = cp.parcel_id JOIN shape s ON s.hash = p.shape WHERE cp.case_id = w.one) END AS geom) own
    WHERE w.area > w.least AND coalesce(w.ground, own.geom) IS NOT NULL
), gone AS (
    DELETE FROM finding f WHERE NOT EXISTS (SELECT FROM found n WHERE n.rule = f.rule AND n.one = f.one AND n.other = f.other) AND ($6 OR CASE
        WHEN f.rule IN ('over_parcel', 'differs') THEN f.one = ANY ($3)
        WHEN f.rule = 'shares_over' THEN f.one = ANY ($4)
        WHEN f.noun = 'parcel' THEN f.one = ANY ($2) OR f.other = ANY ($2)
        ELSE f.one = ANY ($1) OR f.other = ANY ($1) END)
    RETURNING 1
), put AS (
    INSERT INTO finding (rule, one, other, noun, area, ground, found_at)
    SELECT n.rule, n.one, n.other, n.noun, n.area, n.ground, $5 FROM found n
    ON CONFLICT ON CONSTRAINT finding_pk DO UPDATE SET area = excluded.area, ground = excluded.ground
    RETURNING xmax = 0 AS fresh
)
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM gone) + (SELECT count(*) FROM put WHERE fresh)
