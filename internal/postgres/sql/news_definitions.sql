SELECT id, body::jsonb->'after'->'definition' FROM journal
WHERE noun = 'campaign' AND id > $1 AND id <= $2 AND noun_id = (SELECT max(id) FROM campaign) AND body::jsonb->'after' ? 'definition'
ORDER BY id
