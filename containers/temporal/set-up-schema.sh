#!/bin/sh
# Brings the two databases of Temporal to the schema of this version of its tools; what is there already stays.
# Run before each start of the server. SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD and SQL_PLUGIN are the tool's own variables.
set -eu

for part in temporal:temporal temporal_visibility:visibility; do
  database=${part%%:*}
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-name "postgresql/v12/${part##*:}"
done
