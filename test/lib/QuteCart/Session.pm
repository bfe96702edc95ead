# test/lib/QuteCart/Session.pm
#	One lasting SQL session, driven through psql; several make a race.
#
#	my $s = $qc->session(user => 'qutecart_client');
#	$s->query('SELECT 1, NULL')     # ([1, undef]); dies on error
#	$s->value('SELECT 1')           # 1
#	$s->try('SELECT 1/0')           # {rows, sqlstate => '22012', message, detail, hint, notices}
#	$s->send('UPDATE …'); …; $s->busy; my $result = $s->receive(10);
#	$s->pid; $s->close;
#
# Of several statements sent at once the rows come back together, and the first error.
# A connection that was refused or lost has sqlstate 08006.
package QuteCart::Session;

use strict;
use warnings;
use IO::Select;
use IPC::Open3 qw(open3);
use Scalar::Util qw(refaddr weaken);
use Symbol qw(gensym);
use Time::HiRes qw(time);

my ($FIELD, $ROW, $NULL) = ("\x1f", "\x1e", "\x1d");
my %open;

sub new
{
	my ($class, %o) = @_;
	my $self = bless { out => '', err => '', number => 0, busy => 0 }, $class;
	local %ENV = (%ENV, PGPASSFILE => $o{passfile}, PGCONNECT_TIMEOUT => 20);
	$ENV{PGPASSWORD} = $o{password} if defined $o{password};
	$ENV{PGOPTIONS}  = $o{options}  if defined $o{options};
	my ($in, $out, $err) = (undef, undef, gensym);
	$self->{process} = open3($in, $out, $err, $o{program}, '-XAtqw', '-F', $FIELD, '-R',
		$ROW, '-P', "null=$NULL", '-v', 'VERBOSITY=verbose', '-h', $o{host}, '-p', $o{port},
		'-U', $o{user}, '-d', $o{database});
	@$self{qw(in stdout stderr)} = ($in, $out, $err);
	$in->autoflush(1);
	$open{ refaddr $self} = $self;
	weaken $open{ refaddr $self};
	my $hello = $self->try('SELECT pg_backend_pid()', 30);
	if ($hello->{sqlstate})
	{
		$self->close;
		die "$hello->{message}\n";
	}
	$self->{pid} = $hello->{rows}[0][0];
	return $self;
}

# The server process behind the session (behind a pool: the one it met first).
sub pid { return $_[0]{pid} }

sub busy { return $_[0]{busy} }

sub send
{
	my ($self, $sql) = @_;
	die "the session still waits for: $self->{sql}\n" if $self->{busy};
	$self->{sql}  = $sql;
	$self->{busy} = 1;
	my $mark = $self->{mark} = 'done-' . ++$self->{number};
	print { $self->{in} } "$sql\n;\n\\echo $mark :SQLSTATE :ERROR\n\\warn $mark\n";
	return $self;
}

# Wait for what was sent; dies when it takes longer than the given seconds.
sub receive
{
	my ($self, $seconds) = @_;
	my $end  = time + ($seconds // 60);
	my $mark = $self->{mark};
	my ($state, $failed);
	until ((($state, $failed) = $self->{out} =~ /(?:^|\n|)$mark (\S*) (\S+)\n\z/)
		&& $self->{err} =~ /^$mark\n\z/m)
	{
		my $left = $end - time;
		die "no answer in time to: $self->{sql}\n" if $left <= 0;
		$self->read_some($left) or return $self->lost;
	}
	$self->{out} =~ s/$mark \S* \S+\n\z//;
	$self->{err} =~ s/^$mark\n\z//m;
	return $self->result($failed eq 'true' && !$state ? '08006' : '');
}

sub try
{
	my ($self, $sql, $seconds) = @_;
	return $self->send($sql)->receive($seconds);
}

sub query
{
	my ($self, $sql, $seconds) = @_;
	my $result = $self->try($sql, $seconds);
	die "$result->{sqlstate}: $result->{message}\nin: $sql\n" if $result->{sqlstate};
	return @{ $result->{rows} };
}

sub value
{
	my @rows = query(@_);
	return @rows ? $rows[0][0] : undef;
}

# One round of reading from both pipes; false when the program has ended.
sub read_some
{
	my ($self, $seconds) = @_;
	my $alive = 1;
	for my $handle (IO::Select->new($self->{stdout}, $self->{stderr})->can_read($seconds))
	{
		my $buffer = $handle == $self->{stdout} ? 'out' : 'err';
		sysread($handle, $self->{$buffer}, 65536, length $self->{$buffer}) or $alive = 0;
	}
	return $alive;
}

# psql has gone: the connection was refused, or the server ended it.
sub lost
{
	my ($self) = @_;
	while ($self->{stderr} && sysread($self->{stderr}, my $more, 65536))
	{
		$self->{err} .= $more;
	}
	my $result = $self->result('08006');
	$result->{message} ||= 'connection lost';
	return $result;
}

sub result
{
	my ($self, $sqlstate) = @_;
	my ($out, $err) = @$self{qw(out err)};
	@$self{qw(out err busy)} = ('', '', 0);
	my %result = (rows => [], notices => [], sqlstate => $sqlstate, text => $err);
	if ($out ne '')
	{
		chomp $out;
		# split finds no field in an empty string, but one row of one column was there
		$result{rows} = $out eq "" ? [[""]] : [
			map {
				[map { $_ eq $NULL ? undef : $_ } split /$FIELD/, $_, -1]
			} split /$ROW/, $out, -1
		];
	}
	@{ $result{notices} } = $err =~ /^(?:psql:\S+ )?(?:NOTICE|WARNING|INFO):\s+(.*)/mg;
	# The first error counts: in a failed transaction the others only follow from it.
	(@result{qw(sqlstate message)}) = ($1, $2)
	  if $err =~ /^(?:ERROR|FATAL|PANIC):\s+(\w{5}): (.*)/m;
	if ($result{sqlstate})
	{
		($result{detail}) = $err =~ /^DETAIL:\s+(.*)/m;
		($result{hint})   = $err =~ /^HINT:\s+(.*)/m;
		$result{message} //= $err;
	}
	return \%result;
}

# End the session; one in the middle of a statement is cut off.
sub close
{
	my ($self) = @_;
	my $process = delete $self->{process} or return;
	delete $open{ refaddr $self};
	kill 'TERM', $process if $self->{busy};
	close $_ for grep { $_ } delete @$self{qw(in stdout stderr)};
	local $?;
	waitpid $process, 0;
	return;
}

sub close_all
{
	$_->close for grep { $_ } values %open;
	return;
}

sub DESTROY
{
	my ($self) = @_;
	$self->close if ${^GLOBAL_PHASE} ne 'DESTRUCT';
	return;
}

1;
