SELECT coalesce(json_agg(json_build_object('unit', unit, 'stage', stage, 'cases', n, 'recovered', recovered) ORDER BY unit, stage), '[]')::text FROM (
    SELECT u.code AS unit, h.stage, count(*) AS n, sum(h.recovered)::bigint AS recovered
    FROM bench_history h JOIN unit u ON u.id = h.unit_id
    WHERE h.from_rev <= $1 AND (h.to_rev IS NULL OR h.to_rev > $1) GROUP BY u.code, h.stage
) f
