# test/lib/QuteCart/FakeStripe/Search.pm
#	GET /v1/…/search: Stripe's query language, and its lag.
#
# What is younger than the setting search_lag (a minute, as Stripe says of itself) is not
# found: nobody may look here for what he has just made.
package QuteCart::FakeStripe::Search;

use strict;
use warnings;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Json;

# What can be searched by what; metadata always can.
my %fields = (
	customers       => [customer => qw(created email name phone)],
	invoices        => [invoice => qw(created currency customer number status subscription total)],
	payment_intents => [payment_intent => qw(amount created currency customer status)],
	prices          => [price => qw(active currency lookup_key product type)],
	products        => [product => qw(active description name url)],
	subscriptions   => [subscription => qw(created status)],
);

sub routes
{
	return map {
		my ($type, @names) = @{ $fields{$_} };
		[GET => "/v1/$_/search", sub { found($_[0], $type, @names) }, [qw(query limit page)]];
	} sort keys %fields;
}

sub found
{
	my ($req, $type, @names) = @_;
	my $query = $req->p('query');
	my ($any, @clauses) = parsed($query, @names);
	my $store = $req->store;
	my $until = $req->app->now - $req->app->setting('search_lag');
	my @all = $store->all($type, sub {
		my $object = $_;
		my $good = grep { fits($object, $_) } @clauses;
		return $object->{created} <= $until && ($any ? $good > 0 : $good == @clauses);
	});
	@all = sort { $b->{created} <=> $a->{created} || $b->{_order} <=> $a->{_order} } @all;
	my $limit = $req->p('limit') // 10;
	refuse_param('limit',
		"This value must be between 1 and 100 (it currently is '$limit').") if $limit < 1 || $limit > 100;
	my $from = $req->p('page') // 0;
	refuse_param('page', "Invalid page: $from") if $from !~ /^\d{1,9}$/;
	my $more = @all > $from + $limit;
	return { object => 'search_result', url => $req->{path}, has_more => flag($more),
		next_page => $more ? '' . ($from + $limit) : undef,
		data => [map { $req->show($_) } grep { defined } @all[$from .. $from + $limit - 1]] };
}

# Clauses joined by AND or by OR, not by both: (is it OR?, [field, key, operator, value, not] …).
sub parsed
{
	my ($query, @names) = @_;
	my (@clauses, %joined);
	my $rest = $query;
	while (1)
	{
		$rest =~ s/^\s*(-?)(\w+)(?:\[(["'])(.*?)\3\])?\s*(>=|<=|[:~<>])\s*(?:(["'])((?:\\.|(?!\6).)*)\6|(-?\d+|null|true|false))\s*//
		  or refuse_param('query', "We were unable to parse your search query: $query");
		my ($not, $field, $key, $operator, $text, $word) = ($1, $2, $4, $5, $7, $8);
		refuse_param('query',
			"Field `$field` is an unsupported search field for this resource. See http://stripe.com/docs/search#query-fields-for-this-resource for a list of supported fields.")
		  unless $field eq 'metadata' ? defined $key : grep { $_ eq $field } @names;
		$text =~ s/\\(.)/$1/g if defined $text;
		push @clauses, { field => $field, key => $key, operator => $operator, value => $text // $word,
			null => !defined $text && $word eq 'null', not => $not };
		last if $rest eq '';
		$rest =~ s/^(AND|OR)\s+//i or refuse_param('query', "We were unable to parse your search query: $query");
		$joined{ uc $1 } = 1;
	}
	refuse_param('query', 'It is not possible to combine AND and OR in the same query.') if keys %joined > 1;
	return ($joined{OR}, @clauses);
}

sub fits
{
	my ($object, $clause) = @_;
	my $has = $clause->{field} eq 'metadata' ? $object->{metadata}{ $clause->{key} } : $clause->{field} eq 'subscription' ? $object->{_subscription} : $object->{ $clause->{field} };
	$has = $has ? 'true' : 'false' if ref $has;
	my $value = $clause->{value};
	my $good = $clause->{null} ? !defined $has
	  : !defined $has                 ? 0
	  : $clause->{operator} eq ':'    ? lc $has eq lc $value
	  : $clause->{operator} eq '~'    ? index(lc $has, lc $value) >= 0
	  : $clause->{operator} eq '>'    ? $has > $value
	  : $clause->{operator} eq '<'    ? $has < $value
	  : $clause->{operator} eq '>='   ? $has >= $value
	  :                                 $has <= $value;
	return $clause->{not} ? !$good : $good;
}

1;
