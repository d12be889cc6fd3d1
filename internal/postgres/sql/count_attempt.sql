-- Counts before it is judged: of attempts made at the same moment no more than the limit are judged. What is older than the lock is forgotten.
INSERT INTO sign_in_attempt AS a (login, address, tries, last_at) VALUES ($1, $2, 1, $3)
ON CONFLICT ON CONSTRAINT sign_in_attempt_pk DO UPDATE SET
    tries = CASE WHEN a.last_at <= $3 - make_interval(secs => $5) THEN 1 ELSE least(a.tries + 1, $4) END,
    last_at = CASE WHEN a.last_at > $3 - make_interval(secs => $5) AND a.tries >= $4 - 1 THEN a.last_at ELSE $3 END
RETURNING tries
