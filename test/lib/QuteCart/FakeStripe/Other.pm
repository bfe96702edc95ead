# test/lib/QuteCart/FakeStripe/Other.pm
#	Events, endpoints, entitlements, test clocks, tax ids at the top.
package QuteCart::FakeStripe::Other;

use strict;
use warnings;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Params;
use QuteCart::FakeStripe::Shape;

my $EVENT_LIFE = 30 * 86_400;

sub routes
{
	return (
		[GET    => '/v1/events', \&list_events,
			[qw(limit starting_after ending_before created type types delivery_success)]],
		[GET    => '/v1/events/{}', \&retrieve_event],
		[POST   => '/v1/webhook_endpoints', \&create_endpoint,
			[qw(url enabled_events api_version description metadata)]],
		[GET    => '/v1/webhook_endpoints', sub { $_[0]->page($_[0]->store->all('webhook_endpoint')) },
			[qw(limit starting_after ending_before)]],
		[GET    => '/v1/webhook_endpoints/{}', sub { $_[0]->show($_[0]->need('webhook_endpoint', $_[0]->id)) }],
		[POST   => '/v1/webhook_endpoints/{}', \&update_endpoint,
			[qw(url enabled_events description disabled metadata)]],
		[DELETE => '/v1/webhook_endpoints/{}', \&delete_endpoint],
		[POST   => '/v1/entitlements/features', \&create_feature, [qw(name lookup_key metadata)]],
		[GET    => '/v1/entitlements/features', sub { $_[0]->page($_[0]->store->all('entitlements.feature')) },
			[qw(limit starting_after ending_before archived lookup_key)]],
		[POST   => '/v1/products/{}/features', \&attach_feature, [qw(entitlement_feature)]],
		[GET    => '/v1/entitlements/active_entitlements', \&list_entitlements,
			[qw(limit starting_after ending_before customer)]],
		[GET    => '/v1/entitlements/active_entitlements/{}',
			sub { $_[0]->show($_[0]->need('entitlements.active_entitlement', $_[0]->id)) }],
		[POST   => '/v1/test_helpers/test_clocks', \&create_clock, [qw(frozen_time name)]],
		[GET    => '/v1/test_helpers/test_clocks', sub { $_[0]->page($_[0]->store->all('test_helpers.test_clock')) },
			[qw(limit starting_after ending_before)]],
		[GET    => '/v1/test_helpers/test_clocks/{}', sub { $_[0]->show($_[0]->need('test_helpers.test_clock',
			$_[0]->id)) }],
		[POST   => '/v1/test_helpers/test_clocks/{}/advance', \&advance_clock, [qw(frozen_time)]],
		[DELETE => '/v1/test_helpers/test_clocks/{}', \&delete_clock],
		[POST   => '/v1/tax_ids', \&create_tax_id, [qw(type value owner)]],
		[GET    => '/v1/tax_ids', \&list_tax_ids, [qw(limit starting_after ending_before owner)]],
		[GET    => '/v1/tax_ids/{}', sub { $_[0]->show($_[0]->need('tax_id', $_[0]->id)) }],
		[DELETE => '/v1/tax_ids/{}', \&delete_tax_id],
	);
}

# --- events: thirty days of them ---

sub old { my ($req, $event) = @_; return $event->{created} < $req->app->now - $EVENT_LIFE }

sub list_events
{
	my ($req) = @_;
	my ($type, $types, $success) = map { $req->p($_) } qw(type types delivery_success);
	refuse(400, 'You may only specify one of these parameters: type, types.',
		code => 'parameters_exclusive') if defined $type && $types;
	return $req->page($req->store->all('event', sub {
		my $event = $_;
		return 0 if old($req, $event) || (defined $type && !fits($type,
			$event->{type})) || ($types && !grep { fits($_, $event->{type}) } @$types);
		return 1 unless defined $success;
		my $all = !grep { $_->{status} ne 'succeeded' } values %{ $event->{_deliveries} };
		return !$all == !$success;
	}));
}

sub fits
{
	my ($wanted, $type) = @_;
	return $type eq $wanted || ($wanted =~ /^(.*\.)\*$/ && index($type, $1) == 0);
}

sub retrieve_event
{
	my ($req) = @_;
	my $event = $req->need('event', $req->id);
	no_such('event', $req->id) if old($req, $event);
	return $req->show($event);
}

# --- endpoints ---

# Its secret is told once, when it is made.
sub new_endpoint
{
	my ($app, %o) = @_;
	my $store = $app->store;
	return $store->add('webhook_endpoint', {
		id => $store->new_id('we_'), api_version => $o{api_version}, application => undef, created => $app->now,
		description => $o{description}, enabled_events => $o{enabled_events} // ['*'], livemode => false(),
		metadata => $o{metadata} // {}, status => 'enabled', url => $o{url},
		_secret => $o{secret} // $store->new_id('whsec_', 32) });
}

sub create_endpoint
{
	my ($req) = @_;
	my $url = $req->p('url');
	refuse_param('url', 'Invalid URL: An explicit scheme (such as https) must be provided.',
		code => 'url_invalid') if $url !~ m{^https?://};
	my $endpoint = new_endpoint($req->app,
		map { $_ => $req->p($_) } qw(url enabled_events api_version description metadata));
	return { %{ $req->show($endpoint) }, secret => $endpoint->{_secret} };
}

sub update_endpoint
{
	my ($req) = @_;
	my $endpoint = $req->need('webhook_endpoint', $req->id);
	$req->copy($endpoint, qw(url enabled_events description));
	$endpoint->{status} = $req->p('disabled') ? 'disabled' : 'enabled' if $req->has('disabled');
	$req->merge_metadata($endpoint);
	return $req->show($endpoint);
}

sub delete_endpoint
{
	my ($req) = @_;
	my $endpoint = $req->need('webhook_endpoint', $req->id);
	$req->store->remove($endpoint->{id});
	return { id => $endpoint->{id}, object => 'webhook_endpoint', deleted => true() };
}

register_shape('webhook_endpoint', new => sub { return { secret => undef } });

# --- entitlements: the features of the products somebody subscribes to ---

sub create_feature
{
	my ($req) = @_;
	my $store = $req->store;
	my $feature = $store->add('entitlements.feature', {
		id => $store->new_id('feat_'), active => true(), created => $req->app->now, livemode => false(),
		lookup_key => $req->p('lookup_key'), metadata => $req->p('metadata') // {}, name => $req->p('name') });
	return $req->show($feature);
}

sub attach_feature
{
	my ($req) = @_;
	my $product = $req->need('product', $req->id);
	my $feature = $req->need('entitlements.feature', $req->p('entitlement_feature'), 'entitlement_feature');
	push @{ $product->{_features} }, $feature->{id};
	return $req->show({ id => $req->store->new_id('prodft_'), object => 'product_feature',
		entitlement_feature => $req->show($feature), livemode => false() });
}

# Bring a customer's entitlements up to date, and tell when they changed.
sub entitle
{
	my ($app, $id) = @_;
	return if $app->{previewing};
	my $store = $app->store;
	return unless @{ $store->{types}{'entitlements.feature'} // [] };
	my %wanted;
	for my $one ($store->all('subscription',
		sub { $_->{customer} eq $id && $_->{status} =~ /^(?:active|trialing|past_due)$/ }))
	{
		for my $item (map { $store->{objects}{$_} // () } @{ $one->{_items} })
		{
			$wanted{$_} = 1 for @{ $store->{objects}{ $store->{objects}{ $item->{price} }{product} }{_features} // [] };
		}
	}
	my %has = map { $_->{_feature} => $_ } $store->all('entitlements.active_entitlement',
		sub { $_->{_customer} eq $id });
	my @new  = grep { !$has{$_} } sort keys %wanted;
	my @gone = grep { !$wanted{$_} } sort keys %has;
	return unless @new || @gone;
	$store->remove($has{$_}{id}) for @gone;
	for my $feature (@new)
	{
		$store->add('entitlements.active_entitlement', { id => $store->new_id('ent_'), created => $app->now,
			feature => $feature, livemode => false(), lookup_key => $store->{objects}{$feature}{lookup_key},
			_feature => $feature, _customer => $id });
	}
	emit($app, 'entitlements.active_entitlement_summary.updated', { id => "summary_$id",
		object => 'entitlements.active_entitlement_summary', customer => $id, livemode => false() });
	return;
}

sub list_entitlements
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->p('customer') // missing_param('customer'), 'customer');
	return $req->page($req->store->all('entitlements.active_entitlement',
		sub { $_->{_customer} eq $customer->{id} }));
}

register_shape('entitlements.active_entitlement_summary', new => sub {
	my ($app, $summary, $shape) = @_;
	my @all = $app->store->all('entitlements.active_entitlement', sub { $_->{_customer} eq $summary->{customer} });
	return { entitlements => list_of("/v1/customer/$summary->{customer}/entitlements", map { shown($app, $_,
		$shape) } @all) };
});

# --- test clocks ---

sub create_clock
{
	my ($req) = @_;
	my $store = $req->store;
	my $clock = $store->add('test_helpers.test_clock', {
		id => $store->new_id('clock_'), created => $req->app->now, deletes_after => $req->app->now + 30 * 86_400,
		frozen_time => $req->p('frozen_time'), livemode => false(), name => $req->p('name'), status => 'ready',
		status_details => {} });
	emit($req->app, 'test_helpers.test_clock.created', $clock);
	return $req->show($clock);
}

# Answered as "advancing", then done at once, before anything else can be asked.
sub advance_clock
{
	my ($req) = @_;
	my $app = $req->app;
	my $clock = $req->need('test_helpers.test_clock', $req->id);
	my $to = $req->p('frozen_time');
	refuse_param('frozen_time',
		'Invalid frozen_time: a test clock can only be advanced forward in time.') if $to <= $clock->{frozen_time};
	my $shown = { %{ $req->show($clock) }, frozen_time => $to, status => 'advancing',
		status_details => { advancing => { target_frozen_time => $to } } };
	push @{ $app->{afterwards} }, sub {
		QuteCart::FakeStripe::Life::live_until($app, $app->store->{objects}{ $clock->{id} }, $to);
		$app->transaction(1, undef, sub { emit($app, 'test_helpers.test_clock.ready',
			$app->store->get($clock->{id})); 1 });
	};
	emit($app, 'test_helpers.test_clock.advancing', $clock);
	return $shown;
}

# With it go its customers.
sub delete_clock
{
	my ($req) = @_;
	my $clock = $req->need('test_helpers.test_clock', $req->id);
	for my $customer ($req->store->all('customer', sub { ($_->{test_clock} // '') eq $clock->{id} }))
	{
		$_->{ended_at} //= $clock->{frozen_time} for $req->store->all('subscription',
			sub { $_->{customer} eq $customer->{id} });
		$req->store->remove($customer->{id});
	}
	emit($req->app, 'test_helpers.test_clock.deleted', $clock);
	$req->store->remove($clock->{id});
	return { id => $clock->{id}, object => 'test_helpers.test_clock', deleted => true() };
}

# --- tax ids with an owner ---

sub create_tax_id
{
	my ($req) = @_;
	my $owner = $req->p('owner') // {};
	not_played('tax ids of the account itself') unless defined $owner->{customer};
	my $customer = $req->need('customer', $owner->{customer}, 'owner[customer]');
	return $req->show(QuteCart::FakeStripe::Customers::new_tax_id($req->app, $customer, $req->{params}));
}

sub list_tax_ids
{
	my ($req) = @_;
	my $owner = ($req->p('owner') // {})->{customer};
	return $req->page($req->store->all('tax_id', sub { !defined $owner || $_->{customer} eq $owner }));
}

sub delete_tax_id
{
	my ($req) = @_;
	my $tax_id = $req->need('tax_id', $req->id);
	emit($req->app, 'customer.tax_id.deleted', $tax_id);
	$req->store->remove($tax_id->{id});
	return { id => $tax_id->{id}, object => 'tax_id', deleted => true() };
}

1;
