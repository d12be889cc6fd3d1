-- New rows with the code of a parcel that was last ended by an entry of these kinds ($1), and the codes of those that came after it.
WITH last AS (
    SELECT DISTINCT ON (s.row) s.row, s.code, h.to_rev
    FROM staged s JOIN parcel_history h ON h.code = s.code
    WHERE s.old_id IS NULL ORDER BY s.row, h.to_rev DESC
)
SELECT l.row, l.code, j.kind, j.recorded_at, ARRAY(
    SELECT n.code FROM json_array_elements_text(j.body::json -> 'into') i (id)
    JOIN LATERAL (SELECT h.code FROM parcel_history h WHERE h.parcel_id = i.id::bigint ORDER BY h.from_rev DESC LIMIT 1) n ON true
    ORDER BY n.code
)
FROM last l JOIN journal j ON j.id = l.to_rev
WHERE j.kind = ANY ($1) ORDER BY l.row LIMIT $2
