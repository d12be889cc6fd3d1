-- Cases with a photo that is another case's too, unless they share a parcel, and those with one whose file is not as it was.
SELECT p.case_id
FROM (SELECT sha256 FROM photo GROUP BY sha256 HAVING count(*) > 1) twice
JOIN photo p ON p.sha256 = twice.sha256
WHERE EXISTS (
    SELECT FROM photo q WHERE q.sha256 = p.sha256 AND q.case_id <> p.case_id AND NOT EXISTS (
        SELECT FROM case_parcel a JOIN case_parcel b ON b.parcel_id = a.parcel_id WHERE a.case_id = p.case_id AND b.case_id = q.case_id))
UNION
SELECT p.case_id FROM photo p JOIN photo_file f ON f.sha256 = p.sha256 WHERE f.state <> 'stored'
UNION
SELECT p.case_id FROM photo p WHERE p.arrived AND NOT EXISTS (SELECT FROM photo_file f WHERE f.sha256 = p.sha256)
