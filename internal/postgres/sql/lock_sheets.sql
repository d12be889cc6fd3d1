-- Rows of a sheet are locked as one: a ledger that must not fall below zero is judged by all of them.
SELECT pg_advisory_xact_lock('guatu.sheet'::regclass::oid::integer, hashtext(code)) FROM unnest($1::text[]) WITH ORDINALITY AS s (code, place) ORDER BY place
