SELECT s.id, s.code, s.label, coalesce(u.code, ''), s.hash, s.attributes,
    coalesce(s.old_version, 0), coalesce(s.old_label, ''), coalesce(o.code, ''), s.old_shape, s.old_attributes
FROM staged s LEFT JOIN unit u ON u.id = s.unit_id LEFT JOIN unit o ON o.id = s.old_unit_id
WHERE s.old_id IS NULL OR (s.label, s.hash, s.attributes::jsonb, s.unit_id) IS DISTINCT FROM (s.old_label, s.old_shape, s.old_attributes, s.old_unit_id)
ORDER BY s.row
