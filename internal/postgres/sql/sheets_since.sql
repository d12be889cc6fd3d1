SELECT s.id, s.version, s.code, s.noun, s.noun_id, coalesce(u.code, ''), s.filled
FROM sheet s LEFT JOIN unit u ON u.id = s.unit_id
WHERE $1::bigint[] IS NULL OR s.id = ANY($1)
ORDER BY s.id
