-- Everything that can have findings, in the order of findings_changed.
SELECT ARRAY(SELECT case_id FROM land), ARRAY(SELECT id FROM parcel), ARRAY(SELECT id FROM case_file), ARRAY(SELECT id FROM parcel)
