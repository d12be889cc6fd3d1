-- The nouns of a batch, newest entry first, by kind of noun.
SELECT j.noun, array_agg(j.noun_id ORDER BY j.id DESC), min(j.id), max(j.id), min(o.actor)
FROM operation o JOIN journal j ON j.id BETWEEN o.first_revision AND o.last_revision
WHERE o.batch_id = $1 GROUP BY j.noun
