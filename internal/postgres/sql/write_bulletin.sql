INSERT INTO bulletin (id, version, campaign, monthly, number, on_day, revision, before, check_by, stage, outlook, reason, acts, files, issuing)
VALUES ($1, $2, $3, $4, $5, $6::text::date, $7, $8, $9::text::date, $10, $11, $12, $13, $14, $15)
ON CONFLICT ON CONSTRAINT bulletin_pk DO UPDATE SET version = excluded.version, stage = excluded.stage, outlook = excluded.outlook,
    reason = excluded.reason, acts = excluded.acts, files = excluded.files
