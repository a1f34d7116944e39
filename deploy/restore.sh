#!/bin/sh
# Restore a backup: sh restore.sh FILE. The database of IV_DATABASE_URL must be empty, so that nothing is overwritten
# by mistake. Stop api and worker first; afterwards `python -m api.manage prepare` brings an older backup up to date.
set -eu
: "${IV_DATABASE_URL:?say which database, such as postgresql+psycopg://user:password@host/name}"
file="${1:?name the backup}"
address="postgresql${IV_DATABASE_URL#postgresql+psycopg}"
address="postgresql:${address#*:}"

tables="$(psql --no-psqlrc --tuples-only --no-align --dbname="$address" \
    --command="SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")"
if [ "$tables" -ne 0 ]; then
    echo "The database is not empty ($tables tables): nothing was restored. Name an empty one." >&2
    exit 1
fi
pg_restore --single-transaction --exit-on-error --no-owner --dbname="$address" "$file"
echo "Restored $file."
