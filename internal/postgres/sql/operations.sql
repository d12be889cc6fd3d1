SELECT o.first_revision, o.last_revision, o.recorded_at, o.happened_at, o.actor, coalesce(w.name, o.actor), coalesce(v.code, ''), o.batch_id,
    t.kinds,
    -- Land, photos and reminders show on their case, and what is known of an operator on its cases.
    CASE WHEN t.land OR t.photo OR t.operators IS NOT NULL OR t.notices IS NOT NULL THEN ARRAY(SELECT unnest(t.cases)
        UNION SELECT h.case_id FROM land_history h WHERE t.land AND h.from_rev BETWEEN o.first_revision AND o.last_revision
        UNION SELECT h.case_id FROM land_history h WHERE t.land AND h.to_rev BETWEEN o.first_revision AND o.last_revision
        UNION SELECT h.case_id FROM photo_history h WHERE t.photo AND h.from_rev BETWEEN o.first_revision AND o.last_revision
        UNION SELECT h.case_id FROM photo_history h WHERE t.photo AND h.to_rev BETWEEN o.first_revision AND o.last_revision
        UNION SELECT n.case_id FROM notice n WHERE n.id = ANY(t.notices)
        UNION SELECT c.id FROM case_file c WHERE c.enterprise_id = ANY(t.operators) ORDER BY 1) ELSE t.cases END,
    ARRAY(SELECT unnest(t.parcels)
        UNION SELECT unnest(h.parcels) FROM case_history h WHERE h.from_rev BETWEEN o.first_revision AND o.last_revision
        UNION SELECT unnest(h.parcels) FROM case_history h WHERE h.to_rev BETWEEN o.first_revision AND o.last_revision ORDER BY 1),
    cardinality(t.parcels) > 0, t.units,
    CASE WHEN t.referred THEN ARRAY(SELECT DISTINCT c.layer FROM reference_change c WHERE c.revision BETWEEN o.first_revision AND o.last_revision ORDER BY 1) END,
    t.land, t.foremost, t.campaign
FROM operation o
CROSS JOIN LATERAL (
    -- Only the range chooses the index: a filter on noun as well would let a planner without statistics read the whole journal.
    SELECT array_agg(DISTINCT j.kind) AS kinds,
        coalesce(array_agg(DISTINCT j.noun_id) FILTER (WHERE j.noun = 'case'), '{}') AS cases,
        coalesce(array_agg(DISTINCT j.noun_id) FILTER (WHERE j.noun = 'parcel'), '{}') AS parcels,
        array_agg(DISTINCT j.noun_id) FILTER (WHERE j.noun = 'enterprise') AS operators,
        array_agg(DISTINCT j.noun_id) FILTER (WHERE j.noun = 'notice') AS notices,
        bool_or(j.noun IN ('unit', 'campaign')) AS units,
        bool_or(j.noun = 'reference') AS referred,
        bool_or(j.noun = 'land') AS land,
        bool_or(j.noun = 'photo') AS photo,
        bool_or(j.noun = 'campaign') AS campaign,
        coalesce(min(j.id) FILTER (WHERE j.noun = 'case'), o.first_revision) AS foremost
    FROM journal j WHERE j.id BETWEEN o.first_revision AND o.last_revision
) t
LEFT JOIN person w ON w.code = o.actor LEFT JOIN unit v ON v.id = w.unit_id
WHERE o.last_revision > $1
ORDER BY o.last_revision LIMIT $2
