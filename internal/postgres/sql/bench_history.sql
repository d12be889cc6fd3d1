-- $1 cases of $2 versions each: all get their first version, then all their second, …; a stage further each time, to the ninth.
INSERT INTO bench_history (case_id, from_rev, to_rev, version, code, label, track, unit_id, stage, next, deadline, parcels, shares, village, kind, recovered, effective, sides, passed, planned)
SELECT c, (v - 1) * $1::bigint + c, CASE WHEN v < $2::int THEN v * $1::bigint + c END, v, 'XZ-' || lpad(c::text, 7, '0'), '作坊' || c, 'rectify',
    (SELECT id FROM unit WHERE NOT outside ORDER BY sort OFFSET c % (SELECT count(*) FROM unit WHERE NOT outside) LIMIT 1), least(v, 9),
    CASE WHEN v < 9 THEN 'closed' END, '2020-10-31'::date, ARRAY[c], ARRAY[c * 1000], '', CASE c % 2 WHEN 0 THEN 'enterprise' ELSE 'workshop' END,
    CASE WHEN v >= 8 THEN c * 1000 ELSE 0 END, CASE WHEN v >= 8 THEN c * 700 ELSE 0 END, CASE WHEN c % 50 = 0 THEN '{"blocked": ""}'::jsonb ELSE '{}' END,
    (SELECT coalesce(jsonb_object_agg(m.code, '2020-03-01'), '{}') FROM unnest(ARRAY['surveyed', 'filed', 'valued', 'signed', 'stopped', 'vacated', 'demolished', 'accepted', 'closed']) WITH ORDINALITY AS m (code, place) WHERE m.place <= v),
    '{"vacated": "2020-06-30", "accepted": "2020-09-30"}'
FROM generate_series(1, $1::bigint) AS c, generate_series(1, $2::int) AS v
