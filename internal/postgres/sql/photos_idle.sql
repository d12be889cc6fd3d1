-- Files without a photo, and of no operation that is held and open: never attached and stored before $1, or whose last photo was removed before $2 (NULL: these stay).
SELECT f.sha256
FROM photo_file f
CROSS JOIN LATERAL (
    SELECT max(j.recorded_at) AS removed FROM photo_history h JOIN journal j ON j.id = h.to_rev WHERE h.sha256 = f.sha256
) last
WHERE NOT EXISTS (SELECT FROM photo p WHERE p.sha256 = f.sha256)
    AND NOT EXISTS (SELECT FROM held_operation h WHERE h.settled = '' AND f.sha256 = ANY (h.photos))
    AND CASE WHEN last.removed IS NULL THEN f.stored_at < $1 ELSE last.removed < $2 END
ORDER BY f.sha256
