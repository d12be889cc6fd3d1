SELECT count(*) FILTER (WHERE s.old_id IS NULL),
    count(*) FILTER (WHERE s.old_id IS NOT NULL AND (s.label, s.hash, s.attributes, s.unit_id) IS DISTINCT FROM (s.old_label, s.old_shape, s.old_attributes, s.old_unit_id)),
    count(*) FILTER (WHERE s.old_id IS NOT NULL AND (s.label, s.hash, s.attributes, s.unit_id) IS NOT DISTINCT FROM (s.old_label, s.old_shape, s.old_attributes, s.old_unit_id)),
    coalesce(sum(h.area), 0)::bigint,
    coalesce(array_agg(s.row ORDER BY s.row) FILTER (WHERE s.unit_id IS NULL AND EXISTS (SELECT FROM unit WHERE shape IS NOT NULL)), '{}')
FROM staged s JOIN shape h ON h.hash = s.hash
