SELECT e.id, e.version, coalesce(e.code, ''), e.name, e.label, e.kind, coalesce(u.code, ''), e.village, e.industry, e.above_scale, e.evaluations, e.tax_per_mu
FROM enterprise e LEFT JOIN unit u ON u.id = e.unit_id
WHERE $1::bigint[] IS NULL OR e.id = ANY($1)
ORDER BY e.id
