SELECT p.id, p.version, p.case_id, p.milestone, p.slot, p.sha256, p.author, p.added_at, p.taken_at, p.place, p.original, p.arrived, p.size,
    coalesce(w.name, p.author),
    f.sha256, f.size, f.media, f.width, f.height, f.taken_at, f.lon, f.lat, f.device, f.told, f.stored_at, f.checked_at, f.state
FROM photo p
LEFT JOIN person w ON w.code = p.author
LEFT JOIN photo_file f ON f.sha256 = p.sha256
WHERE p.case_id = $1 AND ($2::bigint = 0 OR p.id = $2)
ORDER BY p.id
