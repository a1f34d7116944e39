#!/bin/sh
# Back up the database of IV_DATABASE_URL into BACKUP_DIR, once or every BACKUP_EVERY_SECONDS.
# A backup counts only when pg_restore can read it. Those older than BACKUP_DAYS (14) are removed.
set -eu
: "${IV_DATABASE_URL:?say which database, such as postgresql+psycopg://user:password@host/name}"
: "${BACKUP_DIR:?say where to, such as /backups}"
days="${BACKUP_DAYS:-14}"
address="postgresql${IV_DATABASE_URL#postgresql+psycopg}"
address="postgresql:${address#*:}"

backup() {
    name="$BACKUP_DIR/industrivagledaren-$(date -u +%Y%m%dT%H%M%SZ).dump"
    umask 077
    pg_dump --format=custom --no-owner --file="$name.part" --dbname="$address"
    pg_restore --list "$name.part" >/dev/null
    mv "$name.part" "$name"
    echo "Backed up to $name ($(wc -c <"$name") bytes)."
    find "$BACKUP_DIR" -name 'industrivagledaren-*.dump*' -mtime "+$days" -delete
}

if [ -z "${BACKUP_EVERY_SECONDS:-}" ]; then
    backup
    exit
fi
while :; do
    backup || echo "The backup failed; the next attempt is in $BACKUP_EVERY_SECONDS seconds." >&2
    sleep "$BACKUP_EVERY_SECONDS" &
    wait $!
done
