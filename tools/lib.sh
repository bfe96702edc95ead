# shellcheck shell=bash
# tools/lib.sh
#	What the scripts of this folder share: messages, PostgreSQL's paths, the run user.
#
# shellcheck disable=SC2034 # the scripts that source this use the names
#
# Sourced, never run.  Nothing here starts or changes anything, except that
# run_user_ready makes the system user that servers run as when root starts them.

qc_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# PostgreSQL's own settings of whoever calls must not reach our servers.
for qc_name in $(compgen -e | grep '^PG' | grep -vx PG_CONFIG || true); do
	unset "$qc_name"
done
unset qc_name
export LC_ALL=C.UTF-8

# PostgreSQL 15 unless PG_CONFIG names another one.
qc_pg_major=15
: "${PG_CONFIG:=/usr/lib/postgresql/$qc_pg_major/bin/pg_config}"
export PG_CONFIG
if [[ $PG_CONFIG =~ ^/usr/lib/postgresql/([0-9]+)/bin/pg_config$ ]]; then
	qc_pg_major=${BASH_REMATCH[1]}
elif command -v "$PG_CONFIG" >/dev/null; then
	qc_pg_major=$("$PG_CONFIG" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
fi

qc_program=${0##*/}

die()
{
	printf '%s: %s\n' "$qc_program" "$*" >&2
	exit 1
}

say()
{
	printf '%s\n' "$*"
}

# The directories of the installed PostgreSQL, and the part they have in common: what
# lies below it has the same shape in a private tree.
pg_paths()
{
	command -v "$PG_CONFIG" >/dev/null || die "$PG_CONFIG is missing; run tools/setup"
	pg_bin=$("$PG_CONFIG" --bindir)
	pg_lib=$("$PG_CONFIG" --pkglibdir)
	pg_share=$("$PG_CONFIG" --sharedir)
	pg_prefix=$pg_bin
	while [[ $pg_share/ != "$pg_prefix"/* || $pg_lib/ != "$pg_prefix"/* ]]; do
		pg_prefix=${pg_prefix%/*}
	done
}

# PostgreSQL and PgBouncer refuse to run as root.
# qc_as is put before a command that is to run as the other user, from a directory that
# user can stand in.
if ((EUID == 0)); then
	qc_user=qutecart
	qc_as=(env -C / setpriv "--reuid=$qc_user" "--regid=$qc_user" --init-groups --)
else
	qc_user=$(id -un)
	qc_as=(env -C /)
fi

run_user_ready()
{
	((EUID == 0)) || return 0
	getent passwd "$qc_user" >/dev/null && return 0
	say "creating the system user $qc_user, as which the servers run"
	useradd --system --user-group --no-create-home --home-dir /nonexistent \
		--shell /usr/sbin/nologin "$qc_user"
}

as_user()
{
	"${qc_as[@]}" "$@"
}

# Can servers live below this directory?  It must be reachable for the run user, and the
# address of a Unix socket, which has room for 107 bytes, must fit when so many follow it.
can_hold_servers()
{
	((${#1} + $2 <= 107)) && as_user test -x "$1"
}

# A fresh directory for throw-away servers, owned by the run user.
make_scratch()
{
	local base=${TMPDIR:-/tmp}
	base=$(cd "$base" && pwd -P) || die "TMPDIR=$base is not a directory"
	can_hold_servers "$base" 62 || base=/tmp
	local dir
	dir=$(mktemp -d "$base/qutecart-test.XXXXXX")
	((EUID != 0)) || chown "$qc_user:" "$dir"
	printf '%s\n' "$dir"
}

free_port()
{
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
		LocalAddr => "127.0.0.1", LocalPort => 0, Listen => 1, Proto => "tcp")->sockport'
}

port_is_free()
{
	perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(LocalAddr => "127.0.0.1",
		LocalPort => $ARGV[0], Listen => 1, Proto => "tcp", ReuseAddr => 1)' "$1"
}

random_secret()
{
	openssl rand -hex 24
}
