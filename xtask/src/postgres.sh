# A PostgreSQL cluster for tests, in a folder of its own. Run by postgres.rs, as the user whose
# the server is to be; $1 is the folder of its programs, $2 whether it waits for its disk.
#
# Standard input is held open by whoever wants the cluster, and nothing is written to it. When it
# ends, however its holder ended, the server is stopped and the folder removed.
set -eu

# Ctrl-C reaches everybody at the terminal, but the cluster ends with its holder: so it outlives
# the tests that are just ending.
trap '' HUP INT PIPE TERM

bin=$1
# Not TMPDIR: the path of a socket has room for about a hundred bytes.
dir=$(mktemp -d /tmp/gantry-pg.XXXXXX)
end() {
    # Immediate: what is thrown away needs no last checkpoint.
    "$bin/pg_ctl" stop -D "$dir/data" -m immediate -s 2>/dev/null || true
    rm -rf "$dir"
}
trap end EXIT

# The order of a language, as on a real server: what must be ordered by bytes says so itself.
"$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C \
    --locale-provider=icu --icu-locale=en-US -N --no-instructions >"$dir/log"

cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = ''
port = 5432
unix_socket_directories = '$dir'
max_connections = 300
shared_buffers = 64MB
max_wal_size = 2GB
fsync = $2
full_page_writes = $2
log_line_prefix = '%m %d %u '
END

# Roles belong to the whole cluster, and tests migrate many databases of it at the same time.
# The login is an ordinary one: a superuser would pass every wall, and hide that one is missing.
"$bin/postgres" --single -D "$dir/data" postgres >>"$dir/log" 2>&1 <<END
CREATE ROLE gantry_app NOLOGIN;
CREATE ROLE gantry LOGIN CREATEDB;
GRANT gantry_app TO gantry;
END

if ! "$bin/pg_ctl" start -D "$dir/data" -l "$dir/log" -w -s; then
    cat "$dir/log" >&2
    exit 1
fi
echo "$dir"
cat >/dev/null
