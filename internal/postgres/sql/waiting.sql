-- Side states asked for and not decided, and those of one kind ($1) in force.
SELECT c.id, r.key, r.value->>'on', coalesce(r.value->>'by', ''), coalesce(r.value->>'reason', ''), true
FROM case_file c CROSS JOIN LATERAL jsonb_each(c.requests) AS r WHERE c.requests <> '{}'
UNION ALL
SELECT c.id, $1, c.sides->$1->>'since', coalesce(c.sides->$1->>'by', ''), coalesce(c.sides->$1->>'reason', ''), false
FROM case_file c WHERE $1 <> '' AND c.sides ? $1
