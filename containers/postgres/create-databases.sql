-- Run once by the image of PostgreSQL, as its superuser, when the volume is empty.
\getenv owner_password BMMS_OWNER_PASSWORD
\getenv temporal_password TEMPORAL_DATABASE_PASSWORD

-- Owns the tables of the product: makes its two roles, one of which works across companies, and may do nothing elsewhere.
CREATE ROLE bmms_owner LOGIN CREATEROLE BYPASSRLS PASSWORD :'owner_password';
ALTER ROLE bmms_owner SET createrole_self_grant = 'set, inherit';
CREATE DATABASE bmms OWNER bmms_owner;

CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
