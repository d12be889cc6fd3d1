-- Civil days are China's: UTC+8, no summer time.
SELECT (recorded_at AT TIME ZONE INTERVAL '8 hours')::date::text, max(last_revision)
FROM operation WHERE last_revision > $1 GROUP BY 1 ORDER BY 1
