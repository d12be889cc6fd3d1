-- Findings with the cases whose land they concern, and the waiver that holds: until the finding grows by more than 0.05 m².
SELECT f.rule, f.noun, f.one, f.other, f.area, ST_X(p.at), ST_Y(p.at), ST_AsEWKB(f.ground, 'NDR'), f.found_at,
    CASE f.noun WHEN 'case' THEN ARRAY(SELECT c.id FROM case_file c WHERE c.id IN (f.one, f.other) ORDER BY c.id)
        ELSE ARRAY(SELECT DISTINCT cp.case_id FROM case_parcel cp WHERE cp.parcel_id IN (f.one, f.other) AND cp.share > 0 ORDER BY 1) END,
    w.id, w.reason, w.author, w.made_at, w.batch
FROM finding f CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.ground) AS at) p
LEFT JOIN waiver w ON w.rule = f.rule AND w.one = f.one AND w.other = f.other AND w.area + 500 >= f.area
ORDER BY f.area DESC, f.rule, f.one, f.other
