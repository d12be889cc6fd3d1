-- Roles, schema, PostGIS. Runs as a superuser, or as an owner for whom an administrator made the roles and the extension.
-- +goose Up
-- +goose StatementBegin
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['guatu_owner', 'guatu_app', 'guatu_reader', 'guatu_auditor', 'guatu_backup'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- roles belong to the whole server: another database's migration was a moment faster
        END;
    END LOOP;
END
$$;
-- +goose StatementEnd
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE SCHEMA guatu AUTHORIZATION guatu_owner;
GRANT USAGE ON SCHEMA guatu TO guatu_app, guatu_reader, guatu_auditor, guatu_backup;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- +goose StatementBegin
DO $$
BEGIN
    -- pg_dump needs to read everything, and nothing more; row-level security must not thin a backup.
    ALTER ROLE guatu_backup BYPASSRLS;
    GRANT pg_read_all_data TO guatu_backup;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'guatu_backup: an administrator must grant pg_read_all_data and BYPASSRLS';
WHEN OTHERS THEN
    IF SQLERRM LIKE '%tuple concurrently updated%' THEN NULL; ELSE RAISE; END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP SCHEMA guatu CASCADE;
-- The roles stay: they belong to the whole server, other databases may use them.
