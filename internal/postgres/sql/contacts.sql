SELECT c.id, c.version, c.enterprise_id, c.subject, c.sealed, c.erased
FROM contact c WHERE $1::bigint[] IS NULL OR c.enterprise_id = ANY($1)
ORDER BY c.id
