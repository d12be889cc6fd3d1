SELECT first_revision, last_revision, recorded_at
FROM journal_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
