SELECT l.id, l.version, l.case_id, l.recovered, l.effective, l.origin, l.later_use, l.deductions
FROM land l WHERE $1::bigint[] IS NULL OR l.case_id = ANY($1)
ORDER BY l.id
