UPDATE parcel p SET version = s.old_version + 1, label = s.label, unit_id = s.unit_id, shape = s.hash, attributes = s.attributes
FROM staged s
WHERE p.id = s.old_id AND (s.label, s.hash, s.attributes::jsonb, s.unit_id) IS DISTINCT FROM (s.old_label, s.old_shape, s.old_attributes, s.old_unit_id)
