-- What entries did as far as their kind and the names of their fields tell; never what these hold.
SELECT j.id, j.kind, CASE j.noun WHEN 'case' THEN j.noun_id
    WHEN 'land' THEN coalesce((SELECT max(h.case_id) FROM land_history h WHERE h.land_id = j.noun_id), 0)
    WHEN 'photo' THEN coalesce((SELECT max(h.case_id) FROM photo_history h WHERE h.photo_id = j.noun_id), 0) ELSE 0 END,
    ARRAY(SELECT jsonb_object_keys(coalesce(j.body::jsonb->'before', '{}'))),
    ARRAY(SELECT jsonb_object_keys(coalesce(j.body::jsonb->'after', '{}')))
FROM journal j WHERE j.id = ANY($1)
