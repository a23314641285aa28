-- Roles and database of cityinfo. Run once as a superuser, connected to the database `cityinfo`, with the two
-- passwords in the environment (PostgreSQL 15 or newer):
--
--   CITYINFO_OWNER_PASSWORD=… CITYINFO_APP_PASSWORD=… psql -d cityinfo -v ON_ERROR_STOP=1 -f deploy/postgres-roles.sql
--
--   cityinfo_owner     owns the tables and migrates        CITYINFO_MIGRATION_DATABASE_URL
--   cityinfo_app       serves, one tenant at a time        CITYINFO_DATABASE_URL
--   cityinfo_platform  reads across tenants, cannot log in; cityinfo_app takes this role for one transaction
--
-- No role is a superuser or may bypass row-level security: the database itself keeps the tenants apart.

\getenv owner_password CITYINFO_OWNER_PASSWORD
\getenv app_password CITYINFO_APP_PASSWORD

CREATE ROLE cityinfo_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE cityinfo_platform NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
-- NOINHERIT: being a member grants nothing until the role is taken with SET ROLE.
CREATE ROLE cityinfo_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD :'app_password';
GRANT cityinfo_platform TO cityinfo_app;

SELECT current_database() AS database \gset
ALTER DATABASE :"database" OWNER TO cityinfo_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO cityinfo_app;

ALTER SCHEMA public OWNER TO cityinfo_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cityinfo_app, cityinfo_platform;

-- What the owner's migrations create is usable at once; a migration may take rights away again.
ALTER DEFAULT PRIVILEGES FOR ROLE cityinfo_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cityinfo_app;
ALTER DEFAULT PRIVILEGES FOR ROLE cityinfo_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO cityinfo_app;
ALTER DEFAULT PRIVILEGES FOR ROLE cityinfo_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO cityinfo_platform;
