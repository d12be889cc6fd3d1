-- What entries did as far as their kind and the names of their fields tell; never what these hold.
SELECT j.id, j.kind, CASE j.noun WHEN 'case' THEN j.noun_id ELSE 0 END,
    ARRAY(SELECT jsonb_object_keys(coalesce(j.body::jsonb->'before', '{}'))),
    ARRAY(SELECT jsonb_object_keys(coalesce(j.body::jsonb->'after', '{}')))
FROM journal j WHERE j.id = ANY($1)
