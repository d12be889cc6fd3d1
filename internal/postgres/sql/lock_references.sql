SELECT pg_advisory_xact_lock('reference'::regclass::oid::bigint)
