SELECT p.id, p.version, p.code, p.sort, p.name, p.role, coalesce(u.code, ''), p.village
FROM person p LEFT JOIN unit u ON u.id = p.unit_id WHERE p.code = ANY ($1) ORDER BY p.id FOR UPDATE OF p
