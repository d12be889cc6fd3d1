SELECT sum(n)::bigint, coalesce(sum(recovered), 0)::bigint FROM (
    SELECT unit_id, stage, count(*) AS n, sum(recovered) FILTER (WHERE passed->>'accepted' <> '') AS recovered
    FROM bench_history WHERE from_rev <= $1 AND (to_rev IS NULL OR to_rev > $1) GROUP BY unit_id, stage
) f
