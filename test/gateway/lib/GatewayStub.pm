# test/gateway/lib/GatewayStub.pm
#	A server whose qutecart.http() is test/gateway/stub.sql, and gateways before it.
#
#	my $stub = GatewayStub->new;
#	my $gw   = $stub->gateway('--idle-timeout=300');     # ready to serve
#	my $c    = $gw->connect;
#	my @replies = replies($gw, $bytes);    # all replies until the gateway closes
#	my $reply   = refused($gw, $bytes);    # the one reply, after which it has closed
#
# QUTECART_GATEWAY_PROGRAM names another build of the gateway, such as the one with the
# sanitizers.
package GatewayStub;

use strict;
use warnings;
use Exporter qw(import);
use File::Copy qw(copy);
use QuteCart;

our @EXPORT = qw(replies refused metrics_request);

my $count = 0;

sub new
{
	my ($class, %o) = @_;
	my $qc = QuteCart->new(database => 'postgres', %o);
	$qc->sql(QuteCart::slurp("$QuteCart::ROOT/test/gateway/stub.sql"));
	my $program = QuteCart::top() . '/tree/bin/qutecart-gateway';
	if ($ENV{QUTECART_GATEWAY_PROGRAM})
	{
		$program = $qc->dir . '/qutecart-gateway';
		copy($ENV{QUTECART_GATEWAY_PROGRAM}, $program) or die "cannot copy the gateway: $!\n";
		chmod 0755, $program;
	}
	return bless { qc => $qc, program => $program }, $class;
}

sub qc { return $_[0]{qc} }

sub gateway
{
	my ($self, @args) = @_;
	my $gw = $self->start(@args);
	QuteCart::wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 },
		'the gateway is ready');
	return $gw;
}

# The same without waiting for the database.
sub start
{
	my ($self, @args) = @_;
	my $qc = $self->{qc};
	my $gw = QuteCart::Gateway->start(
		server   => "$QuteCart::ROOT/tools/server",
		program  => $self->{program},
		dir      => $qc->dir,
		name     => 'stub-gateway' . $count++,
		passfile => QuteCart::top() . '/pgpass',
		database => sprintf("host='%s' port=%s dbname=postgres user=qutecart_gateway",
			$qc->socket, $qc->port),
		args => \@args);
	push @{ $qc->{others} }, $gw;
	return $gw;
}

# A gateway with its metrics; returns it and a function that gives one value by name.
sub gateway_with_metrics
{
	my ($self, @args) = @_;
	my $file = $self->{qc}->dir . '/metrics-port' . $count;
	my $gw   = $self->gateway('--metrics-port=0', "--metrics-port-file=$file", @args);
	my $port = 0 + QuteCart::slurp($file);
	return ($gw, sub {
		my ($name) = @_;
		my $text = metrics_request($port, 'GET', '/metrics')->{body};
		my ($value) = $text =~ /^\Q$name\E (\S+)$/m or die "no metric $name in:\n$text";
		return $value;
	}, $port);
}

sub metrics_request
{
	my ($port, $method, $path) = @_;
	my $c = QuteCart::Http->new('127.0.0.1', $port);
	$c->write(QuteCart::Http::format_request($method, $path));
	my $reply = $c->read_reply(10, $method);
	$c->close;
	return $reply;
}

sub replies
{
	my ($gw, $bytes, $seconds) = @_;
	my $connection = ref $bytes ? $bytes : $gw->connect;
	$connection->write($bytes) unless ref $bytes;
	my @replies;
	push @replies, $connection->read_reply($seconds)
	  until $connection->{buffer} eq '' && $connection->closed($seconds);
	$connection->close;
	return @replies;
}

# Dies when there is more than one reply, or when the connection stays open.
sub refused
{
	my ($gw, $bytes, $seconds) = @_;
	my $connection = $gw->connect;
	$connection->write($bytes);
	my $reply = $connection->read_reply($seconds // 5);
	$connection->closed(5) && $connection->{buffer} eq ''
	  or die "the connection stayed open after $reply->{status}: $connection->{buffer}\n";
	$connection->close;
	return $reply;
}

1;
