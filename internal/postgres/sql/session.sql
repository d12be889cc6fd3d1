SELECT s.login, s.address, s.agent, s.began_at, s.active_at, s.outside, a.changed_at, a.must_change, p.code, p.name, p.role, coalesce(u.code, ''), p.village
FROM session s JOIN account a ON a.login = s.login AND NOT a.disabled JOIN person p ON p.code = a.person LEFT JOIN unit u ON u.id = p.unit_id
WHERE s.token = $1 AND a.approved_by IS NOT NULL
