SELECT o.first_revision, o.last_revision, o.recorded_at, o.happened_at, o.actor, coalesce(w.name, o.actor), o.batch_id,
    ARRAY(SELECT DISTINCT j.kind FROM journal j WHERE j.id BETWEEN o.first_revision AND o.last_revision ORDER BY 1),
    ARRAY(SELECT DISTINCT j.noun_id FROM journal j WHERE j.id BETWEEN o.first_revision AND o.last_revision AND j.noun = 'case' ORDER BY 1),
    ARRAY(SELECT j.noun_id FROM journal j WHERE j.id BETWEEN o.first_revision AND o.last_revision AND j.noun = 'parcel'
        UNION SELECT unnest(h.parcels) FROM case_history h WHERE h.from_rev BETWEEN o.first_revision AND o.last_revision
        UNION SELECT unnest(h.parcels) FROM case_history h WHERE h.to_rev BETWEEN o.first_revision AND o.last_revision ORDER BY 1),
    EXISTS (SELECT FROM journal j WHERE j.id BETWEEN o.first_revision AND o.last_revision AND j.noun = 'parcel'),
    EXISTS (SELECT FROM journal j WHERE j.id BETWEEN o.first_revision AND o.last_revision AND j.noun IN ('unit', 'campaign'))
FROM operation o LEFT JOIN person w ON w.code = o.actor
WHERE o.last_revision > $1
ORDER BY o.last_revision LIMIT $2
