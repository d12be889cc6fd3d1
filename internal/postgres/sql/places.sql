-- In whose area something named lies, whether the actor sees it or not.
SELECT coalesce(u.code, ''), p.village
FROM (SELECT unnest($1::bigint[]) AS id, 'case' AS noun UNION ALL SELECT unnest($2::bigint[]), 'parcel'
    UNION ALL SELECT unnest($3::bigint[]), 'enterprise' UNION ALL SELECT unnest($4::bigint[]), 'quarantine') AS named
JOIN place_of p ON p.noun = named.noun AND p.id = named.id
LEFT JOIN unit u ON u.id = p.unit_id
GROUP BY u.code, p.village ORDER BY u.code, p.village
