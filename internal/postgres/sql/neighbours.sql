-- Other cases of the track on the parcels of a case, with what they count of those parcels.
SELECT c.id, c.code, coalesce(own.label, ''), c.track, u.code, c.stage, coalesce(c.next, ''), coalesce(c.deadline::text, ''), c.version,
    sum(there.share)::bigint AS land, c.passed, c.sides, own.id IS NULL
FROM case_file mine
JOIN case_parcel here ON here.case_id = mine.id
JOIN case_parcel there ON there.parcel_id = here.parcel_id AND there.case_id <> mine.id
JOIN public_case c ON c.id = there.case_id AND c.track = mine.track
JOIN unit u ON u.id = c.unit_id
LEFT JOIN case_file own ON own.id = c.id -- another unit's is not there
WHERE mine.id = $1
GROUP BY c.id, c.code, c.track, u.code, c.stage, c.next, c.deadline, c.version, c.passed, c.sides, own.id, own.label
ORDER BY land DESC, c.code
