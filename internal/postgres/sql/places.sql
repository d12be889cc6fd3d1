-- In whose area something named lies, whether the actor sees it or not: cases $1, parcels $2, enterprises $3, conflicts $4. Each is asked
-- by itself: a join with the view would read all of its tables.
SELECT coalesce(u.code, ''), p.village
FROM (SELECT c.unit_id, c.village FROM place_of c WHERE c.noun = 'case' AND c.id = ANY ($1::bigint[])
    UNION SELECT l.unit_id, l.village FROM place_of l WHERE l.noun = 'parcel' AND l.id = ANY ($2::bigint[])
    UNION SELECT e.unit_id, e.village FROM place_of e WHERE e.noun = 'enterprise' AND e.id = ANY ($3::bigint[])
    UNION SELECT q.unit_id, q.village FROM place_of q WHERE q.noun = 'quarantine' AND q.id = ANY ($4::bigint[])) AS p
LEFT JOIN unit u ON u.id = p.unit_id
ORDER BY u.code, p.village
