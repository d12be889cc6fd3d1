INSERT INTO enterprise (id, version, code, name, label, kind, unit_id, village, industry, above_scale, evaluations, tax_per_mu, merged_into)
VALUES ($1, $2, nullif($3, ''), $4, $5, $6, (SELECT u.id FROM unit u WHERE u.code = nullif($7, '')), $8, $9, $10, $11, $12, nullif($13, 0))
ON CONFLICT ON CONSTRAINT enterprise_pk DO UPDATE SET version = excluded.version, code = excluded.code, name = excluded.name, label = excluded.label,
    kind = excluded.kind, unit_id = excluded.unit_id, village = excluded.village, industry = excluded.industry, above_scale = excluded.above_scale,
    evaluations = excluded.evaluations, tax_per_mu = excluded.tax_per_mu, merged_into = excluded.merged_into
