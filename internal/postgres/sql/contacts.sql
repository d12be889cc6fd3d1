SELECT c.id, c.version, c.enterprise_id, c.subject, c.sealed, c.erased
FROM contact c
