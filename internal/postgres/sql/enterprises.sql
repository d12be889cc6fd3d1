SELECT e.id, e.version, coalesce(e.code, ''), e.name, e.label, e.kind, coalesce(u.code, ''), e.village, e.industry, e.above_scale, e.evaluations, e.tax_per_mu, coalesce(e.merged_into, 0)
FROM enterprise e LEFT JOIN unit u ON u.id = e.unit_id
