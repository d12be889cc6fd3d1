-- What is null or empty chooses nothing away. The id goes down: the newest come first, and a page continues where the last ended.
SELECT l.id, l.prev_hash, l.hash, l.recorded_at, l.happened_at, l.kind, l.outcome, l.actor, l.login, l.address, l.agent, l.request, l.object, l.details
FROM access_log l
WHERE ($1::timestamptz IS NULL OR l.recorded_at >= $1)
    AND ($2::timestamptz IS NULL OR l.recorded_at < $2)
    AND (cardinality($3::text[]) = 0 OR l.kind = ANY ($3))
    AND ($4 = '' OR l.actor = $4 OR l.login = $4)
    AND ($5 = '' OR l.address = $5)
    AND CASE $6 WHEN '' THEN true WHEN 'done' THEN l.outcome IN ('done', 'begun') WHEN 'refused' THEN l.outcome NOT IN ('done', 'begun') ELSE l.outcome = $6 END
    AND ($7 = '' OR position($7 IN l.object) > 0)
    AND ($8::bigint = 0 OR l.id < $8)
ORDER BY l.id DESC
LIMIT $9
