SELECT count(*) FILTER (WHERE s.old_id IS NULL),
    count(*) FILTER (WHERE s.old_id IS NOT NULL AND (s.new_land OR s.new_fields)),
    count(*) FILTER (WHERE s.old_id IS NOT NULL AND s.new_land),
    count(*) FILTER (WHERE s.old_id IS NOT NULL AND s.new_fields),
    count(*) FILTER (WHERE s.old_id IS NOT NULL AND NOT (s.new_land OR s.new_fields)),
    coalesce(sum(h.area), 0)::bigint,
    coalesce(array_agg(s.row ORDER BY s.row) FILTER (WHERE s.unit_id IS NULL AND EXISTS (SELECT FROM staged_unit)), '{}')
FROM (
    SELECT *, hash IS DISTINCT FROM old_shape AS new_land, (label, attributes::jsonb, unit_id) IS DISTINCT FROM (old_label, old_attributes, old_unit_id) AS new_fields
    FROM staged
) s JOIN shape h ON h.hash = s.hash
