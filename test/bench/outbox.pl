#!/usr/bin/perl
# test/bench/outbox.pl
#	How fast messages leave, what they cost those who enqueue them, what the worker keeps.
#
#	BENCH_DELIVERIES (1000000) is how many worker_memory delivers.
# rows: delivery_batch delivery_ceiling delivery_latency enqueue_cost worker_memory
use strict;
use warnings;
use Bench;
use QuteCart;
use QuteCart::Http;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Time::HiRes qw(sleep time);

my $SHOPS      = 50;
my $HOOKS      = 4;                                  # of each shop
my $CLOSE      = 64;                                 # connections: as many as the worker opens to a host
my $FLOCK      = 8_000;                              # messages at once: about a second of them
my $DELIVERIES = $ENV{BENCH_DELIVERIES} // 1_000_000;

my $qc = Bench::server(secret_keys(), 'qutecart.webhook_networks' => '127.0.0.0/8', max_wal_size => '8GB');
my $sink = sink();
END { local $?; kill 'TERM', $sink->{pid} if $sink && $sink->{pid}; waitpid $sink->{pid}, 0 if $sink && $sink->{pid} }
hooks() if grep { Bench::wanted($_) } qw(delivery_batch delivery_ceiling worker_memory);

batch()   if Bench::wanted('delivery_batch');
ceiling() if Bench::wanted('delivery_ceiling');
latency() if Bench::wanted('delivery_latency');
enqueue_cost() if Bench::wanted('enqueue_cost');
memory()  if Bench::wanted('worker_memory');

# An nginx of our own that answers 200 to everything.
sub sink
{
	my $dir  = $qc->dir . '/nginx';
	my $port = QuteCart::free_port();
	mkdir $dir or die "cannot make $dir: $!\n";
	QuteCart::spew("$dir/nginx.conf", <<"CONF");
daemon off;
master_process off;
worker_rlimit_nofile 4096;
pid $dir/nginx.pid;
error_log $dir/error.log;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $dir;
    proxy_temp_path $dir;
    fastcgi_temp_path $dir;
    uwsgi_temp_path $dir;
    scgi_temp_path $dir;
    server {
        listen 127.0.0.1:$port;
        location / { return 200; }
        location = /count { stub_status; }
    }
}
CONF
	my $pid = fork // die "cannot fork: $!\n";
	if (!$pid)
	{
		open STDERR, '>', "$dir/log" or die;
		exec '/usr/sbin/nginx', '-p', $dir, '-e', "$dir/error.log", '-c', "$dir/nginx.conf";
		die "cannot start nginx: $!\n";
	}
	my $self = { pid => $pid, port => $port, url => "http://127.0.0.1:$port" };
	wait_for { eval { $self->{http} = QuteCart::Http->new('127.0.0.1', $port) } } 'nginx answers';
	return $self;
}

# Requests that nginx has answered so far.
sub answered
{
	$sink->{http}->write(QuteCart::Http::format_request(GET => '/count', { Connection => 'keep-alive' }));
	my $reply = $sink->{http}->read_reply;
	my ($n) = $reply->{body} =~ /requests\s+\d+ \d+ (\d+)/ or die "nginx does not count: $reply->{body}\n";
	return $n;
}

sub hooks
{
	for my $n (1 .. $SHOPS)
	{
		my $vendor = vendor($qc, "vendor$n");
		webhook($qc, $vendor, "$sink->{url}/$n/$_") for 1 .. $HOOKS;
	}
	return;
}

# Deliveries a second of so many messages, spread over all webhooks.
sub deliver
{
	my ($n) = @_;
	value($qc, <<"SQL");
INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, payload)
SELECT 'webhook.order.paid', w.shop_id, w.id, w.id << 3 | 1,
    jsonb_build_object('type', 'order.paid', 'timestamp', now(), 'data', jsonb_build_object(
        'order', jsonb_build_object('id', n, 'number', 'QC-' || n, 'status', 'paid', 'total', '129.90', 'currency', 'USD',
            'items', jsonb_build_array(jsonb_build_object('product_id', n, 'name', 'A thing of many uses', 'quantity', 2)))))
FROM generate_series(1, $n) n
JOIN (SELECT w.*, row_number() OVER (ORDER BY random()) - 1 AS place FROM qutecart.webhook_endpoints w) w
    ON w.place = n % @{[$SHOPS * $HOOKS]}
SQL
	my $goal  = answered() + $n;
	my $begin = time;
	value($qc, 'SELECT qutecart.worker_wait()');
	sleep 0.01 while answered() < $goal;
	wait_until_settled($qc, 60);
	return $n / (time - $begin);
}

sub with_batch
{
	my ($size, $n) = @_;
	$qc->reload('qutecart.worker_batch' => $size);
	return deliver($n);
}

# As shipped, against the same worker with a transaction for each delivery.
sub batch
{
	my $value = Bench::ratio(sub { with_batch(500, $FLOCK) }, sub { with_batch(1, 1_000) });
	Bench::report('delivery_batch', $value, '>=', 10);
	$qc->reload('qutecart.worker_batch' => 500);
	return;
}

# Against what wrk gets out of the same nginx.
sub ceiling
{
	my $script = $qc->dir . '/post.lua';
	QuteCart::spew($script, <<'LUA');
wrk.method = "POST"
wrk.body = string.rep("x", 300)
wrk.headers["Content-Type"] = "application/json"
LUA
	my $wrk = sub { return scalar Bench::wrk("$sink->{url}/", connections => $CLOSE, script => $script) };
	Bench::report('delivery_ceiling', Bench::ratio(sub { deliver($FLOCK) }, $wrk), '>=', 0.15);
	return;
}

# From the order to commit to the first byte at the receiver, one message at a time.
sub latency
{
	my $receiver = QuteCart::Receiver->new;
	my $vendor   = vendor($qc, 'quick');
	my $hook     = webhook($qc, $vendor, $receiver->url('/quick'));
	my $session  = $qc->session(user => 'qutecart_client');
	my @times;
	for my $n (1 .. 300)
	{
		$session->query("BEGIN; SELECT qutecart.enter('$vendor->{token}'); SELECT qutecart.test_webhook($hook->{id})");
		my $begin = time;
		$session->query('COMMIT');
		my @requests = $receiver->wait_for_requests($n, '/quick');
		push @times, 1000 * ($requests[-1]{at} - $begin);
		sleep 0.01;
	}
	@times = sort { $a <=> $b } @times;
	Bench::report('delivery_latency', $times[ 0.99 * @times ], '<=', 10, 'ms');
	return;
}

# Durable commits of eight clients that insert a product, with a message in each and
# without.  The messages are due later: what is measured is what the commit pays.
sub enqueue_cost
{
	my ($shop) = map { $_->{shop} } vendor($qc, 'busy');
	$qc->sql("UPDATE qutecart.plans SET products_limit = 1000000000 WHERE slug = 'growth'");
	my $rate = sub {
		my ($column) = @_;
		my $tps = Bench::pgbench($qc, clients => 8, script => <<"SQL");
WITH p AS (INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES ($shop, 'bench', md5(random()::text), 1) RETURNING id)
SELECT $column FROM p;
SQL
		$qc->sql('TRUNCATE qutecart.outbox');
		return $tps;
	};
	my $enqueue = qq{qutecart.enqueue('mail.bench', '{"to": "jo\@bench.example", "name": "Jo"}', $shop, '', now() + interval '1 hour')};
	Bench::report('enqueue_cost', Bench::ratio(sub { $rate->($enqueue) }, sub { $rate->('id') }), '>=', 0.85);
	return;
}

# Memory of the worker's own, without the buffers that all processes share.
sub worker_memory
{
	my $status = QuteCart::slurp('/proc/' . worker_pid($qc) . '/status');
	return ($status =~ /^RssAnon:\s+(\d+)/m)[0] / 1024;
}

sub memory
{
	deliver(10_000);
	my $before = worker_memory();
	for (my $done = 10_000; $done < $DELIVERIES; $done += 50_000)
	{
		deliver(50_000);
		$qc->sql('TRUNCATE qutecart.outbox_log');
	}
	Bench::report('worker_memory', worker_memory() - $before, '<=', 2, 'MB');
	return;
}
