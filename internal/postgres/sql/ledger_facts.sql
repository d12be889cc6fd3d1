-- What an exported ledger holds besides the memory of lists; of the boxes (两断三清) those of the latest milestone that has some.
SELECT c.id, c.responsible, c.note, coalesce(e.name, ''), coalesce(e.code, ''), coalesce(e.industry, ''), coalesce(e.above_scale, false),
    coalesce(e.evaluations, '{}'), coalesce(e.tax_per_mu, '{}'),
    coalesce((SELECT m.checks FROM milestone m WHERE m.case_id = c.id AND m.checks <> '' ORDER BY m.done_on DESC NULLS LAST LIMIT 1), '')
FROM case_file c LEFT JOIN enterprise e ON e.id = c.enterprise_id
WHERE c.id = ANY($1)
