-- Other cases of the track on the parcels of a case, with what they count of those parcels. Whose they are is found first, and each of
-- them then by its id: joined in one piece, a planner without statistics of case_parcel reads every case of the track.
WITH beside AS MATERIALIZED (
    SELECT there.case_id AS id, sum(there.share)::bigint AS land
    FROM case_parcel here JOIN case_parcel there ON there.parcel_id = here.parcel_id AND there.case_id <> here.case_id
    WHERE here.case_id = $1
    GROUP BY there.case_id
)
SELECT c.id, c.code, coalesce(own.label, ''), c.track, u.code, c.stage, coalesce(c.next, ''), coalesce(c.deadline::text, ''), c.version,
    beside.land, c.passed, c.sides, own.id IS NULL
FROM beside
CROSS JOIN LATERAL (SELECT * FROM public_case p WHERE p.id = beside.id AND p.track = (SELECT track FROM case_file WHERE id = $1) OFFSET 0) c
JOIN unit u ON u.id = c.unit_id
LEFT JOIN case_file own ON own.id = c.id -- another unit's is not there
ORDER BY beside.land DESC, c.code
