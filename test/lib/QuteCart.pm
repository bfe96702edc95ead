# test/lib/QuteCart.pm
#	A throw-away QuteCart for one test: server, gateway, PgBouncer, sessions.
#
# Everything listens on Unix sockets and free ports of 127.0.0.1, lives below one scratch
# directory and is gone at the end, whichever way the test ends.  Nothing sleeps: what
# has to be awaited is awaited by wait_for.
#
#	use lib 'test/lib';
#	use QuteCart;
#	use Test::More;
#
#	my $qc = QuteCart->new;                       # installed, essentials seeded
#	my $qc = QuteCart->new(durable => 1);         # fsync on: for crashes
#	my $qc = QuteCart->new(conf => {work_mem => '1MB'}, database => 'postgres');
#	my $qc = QuteCart->new(bare => 1);            # a new cluster, no database of ours
#	my $qc = QuteCart->adopt(dir => $dir);        # one that the test has made, a standby
#
#	$qc->sql('SELECT 1')                          # one value, as superuser; dies on error
#	$qc->rows('SELECT a, b FROM t')               # ([a, b], …), NULL is undef
#	$qc->try('SELECT …', user => 'qutecart_client')  # {rows, sqlstate, message, …}
#	my $s = $qc->session(user => …, password => …);  # QuteCart::Session
#
#	my $gw = $qc->gateway('--some-option=1');     # QuteCart::Gateway: request, stop …
#	my $reply = $gw->request(POST => '/api/auth/login', {}, {email => …});
#	is($reply->{status}, 200); is($reply->{json}{token}, …);
#
#	my $pool = $qc->pgbouncer(pool_mode => 'transaction');   # {port, socket}
#	$qc->session(user => 'qutecart_client', via => $pool)
#
#	$qc->stop; $qc->start; $qc->restart; $qc->crash; $qc->kill_backend($pid);
#	$qc->wait_until_blocked($session);            # it waits for somebody's lock
#	wait_for { … } 'what is awaited', 10;         # dies when it takes longer
#	$qc->dump($file); $other->restore($file);     # with roles and passwords
#
# The roles that log in are "qutecart_client" (SQL) and "qutecart_gateway"; their
# passwords are known to every session made here.
package QuteCart;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP ();
use Time::HiRes qw(sleep time);

use QuteCart::Gateway;
use QuteCart::Session;

our @EXPORT = qw(wait_for);

our $ROOT = abs_path(dirname(__FILE__) . '/../..');
my $SERVER = "$ROOT/tools/server";
my $owner  = $$;
my ($top, $top_is_ours, @clusters);
my $count = 0;

# The scratch directory of this run; made by tools/test, or here for a test run alone.
sub top
{
	return $top if $top;
	$top = $ENV{QUTECART_TEST_DIR};
	if (!$top)
	{
		$top = run_out('bash', '-c', '. "$1/tools/lib.sh"; run_user_ready >&2; make_scratch',
			'QuteCart', $ROOT);
		$top_is_ours = 1;
		$ENV{TMPDIR} = $top;
	}
	run("$ROOT/tools/template", $top);
	return $top;
}

sub new
{
	my ($class, %o) = @_;
	my $self = bless {
		dir      => top() . "/server-$$-" . ++$count,
		database => $o{database} // ($o{bare} ? 'postgres' : 'qutecart'),
		port     => 5432,
		others   => [],
	}, $class;

	push @clusters, $self;
	if   ($o{bare}) { run($SERVER, 'init', $self->{dir}, "$top/tree", 'fsync=off'); }
	else            { run($SERVER, 'copy', "$top/template", $self->{dir}); }
	my %conf = %{ $o{conf} // {} };
	%conf = (fsync => 'on', full_page_writes => 'on', synchronous_commit => 'on', %conf)
	  if $o{durable};
	$self->conf(%conf);
	$self->start unless $o{stopped};
	return $self;
}

# A cluster that the test made itself below top(), as tools/server would; it is started.
sub adopt
{
	my ($class, %o) = @_;
	my $self = bless { dir => $o{dir}, database => 'qutecart', port => 5432, others => [] }, $class;
	push @clusters, $self;
	$self->start;
	return $self;
}

sub dir      { return $_[0]{dir} }
sub database { return $_[0]{database} }
sub socket   { return "$_[0]{dir}/socket" }
sub port     { return $_[0]{port} }

# Everything the server wrote to its log so far.
sub log
{
	my ($self) = @_;
	return slurp("$self->{dir}/log/server.log");
}

# Settings for the next start, or for now with reload.
sub conf
{
	my ($self, %conf) = @_;
	run($SERVER, 'conf', $self->{dir}, map { "$_=$conf{$_}" } sort keys %conf) if %conf;
	$self->{port} = $conf{port} if $conf{port};
	return;
}

sub reload
{
	my ($self, %conf) = @_;
	$self->conf(%conf);
	$self->sql('SELECT pg_reload_conf()');
	return;
}

# Let it listen on 127.0.0.1 as well, after the next start; returns the port.
sub listen
{
	my ($self) = @_;
	my $port = free_port();
	$self->conf(listen_addresses => '127.0.0.1', port => $port);
	return $port;
}

sub start   { run($SERVER, 'start',   $_[0]{dir}); return }
sub stop    { run($SERVER, 'stop',    $_[0]{dir}, $_[1] // 'fast'); return }
sub restart { run($SERVER, 'restart', $_[0]{dir}); return }
sub crash   { run($SERVER, 'crash',   $_[0]{dir}); return }

# SIGKILL to one backend; the postmaster then restarts all others, which this awaits.
sub kill_backend
{
	my ($self, $pid, $signal) = @_;
	kill($signal // 'KILL', $pid) or die "cannot signal backend $pid: $!";
	wait_for(sub { !-e "/proc/$pid" }, "backend $pid is gone");
	$self->wait_ready if ($signal // 'KILL') eq 'KILL';
	return;
}

sub wait_ready
{
	my ($self) = @_;
	wait_for(
		sub {
			my $result = eval { $self->try('SELECT 1', database => 'postgres') };
			return $result && !$result->{sqlstate};
		},
		'the server accepts connections', 60);
	return;
}

# A session of its own: user, password, database, via (a pool), application.
sub session
{
	my ($self, %o) = @_;
	my $at = $o{via} // { socket => $self->socket, port => $self->port };
	return QuteCart::Session->new(
		program  => pg_bin() . '/psql',
		host     => $at->{socket},
		port     => $at->{port},
		user     => $o{user} // 'postgres',
		password => $o{password},
		passfile => "$top/pgpass",
		database => $o{database} // $self->{database},
		options  => $o{options});
}

# Run SQL in a session of its own; errors are returned, not raised.
sub try
{
	my ($self, $sql, %o) = @_;
	my $session = eval { $self->session(%o) };
	return { rows => [], sqlstate => '08006', message => $@ } unless $session;
	my $result = $session->try($sql, $o{timeout});
	$session->close;
	return $result;
}

sub rows
{
	my ($self, $sql, %o) = @_;
	my $result = $self->try($sql, %o);
	die "$result->{sqlstate}: $result->{message}\nin: $sql\n" if $result->{sqlstate};
	return @{ $result->{rows} };
}

# The first column of the first row.
sub sql
{
	my @rows = rows(@_);
	return @rows ? $rows[0][0] : undef;
}

sub wait_until_blocked
{
	my ($self, $session) = @_;
	my $pid = $session->pid;
	wait_for(sub { $self->sql("SELECT cardinality(pg_blocking_pids($pid)) > 0") eq 't' },
		"backend $pid waits for a lock");
	return;
}

# A first argument {ready => 0} does not wait for its database.
sub gateway
{
	my ($self, @args) = @_;
	my %o = (ready => 1, ref $args[0] ? %{ shift @args } : ());
	my $gateway = QuteCart::Gateway->start(
		server   => $SERVER,
		program  => "$top/tree/bin/qutecart-gateway",
		dir      => $self->{dir},
		name     => 'gateway' . @{ $self->{others} },
		passfile => "$top/pgpass",
		database => sprintf("host='%s' port=%s dbname='%s' user=qutecart_gateway",
			$self->socket, $self->port, $self->{database}),
		%o,
		args     => \@args);
	push @{ $self->{others} }, $gateway;
	return $gateway;
}

# A PgBouncer for qutecart_client and qutecart_gateway; options are lines of its file,
# but "database" is added to the line of the database.
sub pgbouncer
{
	my ($self, %o) = @_;
	my $pool = { port => free_port(), socket => $self->socket };
	my $base = "$self->{dir}/pgbouncer-$pool->{port}";
	my $database = delete $o{database} // '';
	my %conf = (
		listen_addr       => '127.0.0.1',
		listen_port       => $pool->{port},
		unix_socket_dir   => $self->socket,
		auth_type         => 'scram-sha-256',
		auth_file         => "$base.users",
		pidfile           => "$base.pid",
		logfile           => "$base.log",
		pool_mode         => 'transaction',
		max_client_conn   => 200,
		default_pool_size => 10,
		%o);
	spew("$base.users", join '', map { qq{"$_->[3]" "$_->[4]"\n} }
		  map { [split /[:\n]/] } split /^/, slurp("$top/pgpass"));
	spew("$base.ini", "[databases]\n* = host=" . $self->socket . " port=$self->{port} $database\n",
		"[pgbouncer]\n", map { "$_ = $conf{$_}\n" } sort keys %conf);
	run($SERVER, 'as', '/usr/sbin/pgbouncer', '-q', '-d', "$base.ini");
	wait_for(sub { -s "$base.pid" && IO::Socket::INET->new("127.0.0.1:$pool->{port}") },
		'PgBouncer accepts connections');
	return $pool;
}

# Roles with their passwords, then the database, into FILE and FILE.roles.
sub dump
{
	my ($self, $file, @args) = @_;
	my @at = ('-h', $self->socket, '-p', $self->port, '-U', 'postgres');
	run(pg_bin() . '/pg_dumpall', @at, '--roles-only', '-f', "$file.roles");
	run(pg_bin() . '/pg_dump', @at, '-Fc', '-f', $file, @args, $self->{database});
	return;
}

# Into a new database of the same name on this (bare) server.
sub restore
{
	my ($self, $file, %o) = @_;
	my $database = $o{database} // 'qutecart';
	my @at = ('-h', $self->socket, '-p', $self->port, '-U', 'postgres');
	# The superuser exists already: everything but that one line must succeed.
	spew("$file.new", grep { !/^CREATE ROLE postgres;$/ } split /^/, slurp("$file.roles"));
	run(pg_bin() . '/psql', '-Xq', @at, '-v', 'ON_ERROR_STOP=1', '-f', "$file.new",
		'postgres');
	run(pg_bin() . '/pg_restore', @at, '--exit-on-error', '--create', '-d', 'postgres',
		@{ $o{args} // [] }, $file);
	$self->{database} = $database;
	return;
}

# --- plain helpers, usable without a server ---

# wait_for { condition } 'what', seconds: polls, dies with "what" when the time is over.
sub wait_for(&@)
{
	my ($condition, $what, $seconds) = @_;
	my $end = time + ($seconds // 20);
	while (1)
	{
		my $value = $condition->();
		return $value if $value;
		die "waited in vain until $what\n" if time > $end;
		sleep 0.02;
	}
}

sub free_port
{
	return IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1)
	  ->sockport;
}

my $pg_bin;

sub pg_bin
{
	my $config = $ENV{PG_CONFIG} // '/usr/lib/postgresql/15/bin/pg_config';
	return $pg_bin //= run_out($config, '--bindir');
}

sub slurp
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	local $/;
	return <$in> // '';
}

# Secrets pass through here: nobody else may read the file.
sub spew
{
	my ($file, @text) = @_;
	my $mask = umask 077;
	open my $out, '>', $file or die "cannot write $file: $!\n";
	umask $mask;
	print $out @text;
	close $out or die "cannot write $file: $!\n";
	chown +(stat dirname($file))[4, 5], $file if $> == 0;
	return;
}

sub run
{
	my @command = @_;
	system(@command) == 0 or die "@command failed\n";
	return;
}

sub run_out
{
	my @command = @_;
	open my $in, '-|', @command or die "cannot run $command[0]: $!\n";
	my $text = do { local $/; <$in> };
	close $in or die "@command failed\n";
	chomp $text;
	return $text;
}

# The end of the process is the end of its servers; a forked child has none.
sub clean_up
{
	return if $$ != $owner || !$top;
	local $?;
	QuteCart::Session::close_all();
	for my $cluster (@clusters)
	{
		$_->kill for @{ $cluster->{others} };
		system($SERVER, 'sweep', $cluster->{dir});
		remove_tree($cluster->{dir}, { safe => 0 });
	}
	@clusters = ();
	remove_tree($top) if $top_is_ours;
	undef $top;
	return;
}

# exit, not die: a test's eval must not swallow the order to stop.
$SIG{$_} = sub { exit 130 }
  for grep { !defined $SIG{$_} || $SIG{$_} eq 'DEFAULT' } qw(INT TERM HUP);
# A dead peer is a failed write, not a dead test.
$SIG{PIPE} = 'IGNORE';

END { clean_up() }

1;
