-- What others changed between the comparing and the locking.
UPDATE staged s
SET id = coalesce(n.id, nextval('noun_id_seq')), old_id = n.id, old_version = n.version, old_label = n.label, old_unit_id = n.unit_id,
    old_shape = n.shape, old_attributes = n.attributes, unit_id = coalesce(n.unit_id, s.unit_id)
FROM (SELECT d.row, p.* FROM staged d LEFT JOIN parcel p ON p.code = d.code) n
WHERE n.row = s.row AND (n.id, n.version) IS DISTINCT FROM (s.old_id, s.old_version)
