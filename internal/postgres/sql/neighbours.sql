-- Other cases of the track on the parcels of a case, with what they count of those parcels.
SELECT c.id, c.code, c.label, c.track, u.code, c.stage, coalesce(c.next, ''), coalesce(c.deadline::text, ''), c.version,
    sum(there.share)::bigint AS land, coalesce(now.passed, '{}'), ARRAY(SELECT jsonb_object_keys(now.sides) ORDER BY 1)
FROM case_file mine
JOIN case_parcel here ON here.case_id = mine.id
JOIN case_parcel there ON there.parcel_id = here.parcel_id AND there.case_id <> mine.id
JOIN case_file c ON c.id = there.case_id AND c.track = mine.track
JOIN unit u ON u.id = c.unit_id
LEFT JOIN case_history now ON now.case_id = c.id AND now.to_rev IS NULL
WHERE mine.id = $1
GROUP BY c.id, u.code, now.passed, now.sides
ORDER BY land DESC, c.code
