-- What hangs on the enterprises $1 beside their cases: photos, recorded land, a contact, rows of sheets by code.
SELECT e.id,
    (SELECT count(*) FROM photo p JOIN case_file c ON c.id = p.case_id WHERE c.enterprise_id = e.id),
    (SELECT count(*) FROM land l JOIN case_file c ON c.id = l.case_id WHERE c.enterprise_id = e.id),
    EXISTS (SELECT FROM contact o WHERE o.enterprise_id = e.id AND NOT o.erased),
    coalesce((SELECT jsonb_object_agg(s.code, s.n) FROM (
        SELECT s.code, count(*) AS n FROM sheet s
        WHERE s.noun = 'enterprise' AND s.noun_id = e.id OR s.noun = 'case' AND s.noun_id IN (SELECT c.id FROM case_file c WHERE c.enterprise_id = e.id)
        GROUP BY s.code) s), '{}')
FROM enterprise e
WHERE e.id = ANY ($1)
