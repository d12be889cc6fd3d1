SELECT c.layer, max(c.revision) FROM reference_change c
WHERE $1::text[] IS NULL OR c.layer = ANY($1)
GROUP BY c.layer ORDER BY c.layer
