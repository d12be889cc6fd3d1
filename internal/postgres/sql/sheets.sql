SELECT s.id, s.version, s.code, s.noun, s.noun_id, coalesce(u.code, ''), s.filled
FROM sheet s LEFT JOIN unit u ON u.id = s.unit_id
WHERE s.id = ANY($1) OR s.noun = $2 AND s.noun_id = ANY($3) OR s.code = ANY($4)
ORDER BY s.id
