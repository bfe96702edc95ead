# test/lib/QuteCart/FakeStripe/Params.pm
#	What a request may say: Stripe's published parameters, checked name by name.
#
# An unknown name, a wrong type, a missing name is refused as Stripe refuses it, before
# anything happens.  The tables are test/fixtures/stripe/parameters/: one for versions
# before 2025-03-31, one until 2026-09-30, one for those after.
package QuteCart::FakeStripe::Params;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Json;

our @EXPORT = qw(checked parameters);

our $FIXTURES = abs_path(dirname(__FILE__) . '/../../../fixtures/stripe');
my %tables;
my %must = map { $_ => 1 } qw(customer price product subscription payment_method currency);

# The parameters of "POST /v1/customers" in a version; undef when that has no such call.
sub parameters
{
	my ($request, $version) = @_;
	my ($resource) = $request =~ m{ /v1/(\w+)};
	my $table = $tables{$resource} //= table($resource);
	my $entry = $table->{$request} or return undef;
	return $entry->{ $version lt '2025-03-31' ? 'before_2025' : $version lt '2026-09-30' ? 'before_2026' : 'now' };
}

sub table
{
	my ($resource) = @_;
	my $file = "$FIXTURES/parameters/" . ({ subscription_items => 'subscriptions', invoiceitems => 'invoices',
		invoice_payments => 'invoices' }->{$resource} // $resource) . '.json';
	return -e $file ? json_data(slurp($file)) : {};
}

sub slurp
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	local $/;
	return <$in>;
}

# Typed parameters, or a refusal.
sub checked
{
	my ($types, $form) = @_;
	return hash($types, $form, '');
}

sub hash
{
	my ($types, $form, $at) = @_;
	my %type = map { s/!$//r => $types->{$_} } keys %$types;
	my @unknown = grep { !exists $type{$_} } sort keys %$form;
	if (@unknown)
	{
		my $named = join ', ', map { name($at, $_) } @unknown;
		refuse_param(name($at, $unknown[0]), 'Received unknown parameter' . (@unknown > 1 ? 's' : '') . ": $named",
			code => 'parameter_unknown', -unsaved => 1);
	}
	for my $required (sort grep { /!$/ } keys %$types)
	{
		my $name = $required =~ s/!$//r;
		missing_param(name($at, $name)) unless exists $form->{$name};
	}
	for my $name (grep { exists $types->{"$_!"} || $must{$_} } sort keys %$form)
	{
		not_empty($form->{$name}, name($at, $name)) if !ref $form->{$name} && !ref $type{$name};
	}
	return { map { $_ => value($type{$_}, $form->{$_}, name($at, $_)) } keys %$form };
}

sub name
{
	my ($at, $key) = @_;
	return $at eq '' ? $key : "$at\[$key]";
}

sub value
{
	my ($type, $value, $name) = @_;
	if (ref $type)
	{
		return any($type->{or}, $value, $name) if $type->{or};
		return one_of($type->{enum}, $value, $name) if $type->{enum};
		return list($type->{array}, $value, $name) if $type->{array};
		refuse_param($name, "Invalid object", -unsaved => 1) unless ref $value;
		return hash($type->{hash}, $value, $name);
	}
	return free($value, $name) if $type eq 'map';
	refuse_param($name, 'Invalid ' . kind($type) . ": $name must not be nested", -unsaved => 1) if ref $value;
	return undef if $type eq 'empty' && $value eq '';
	return $value if $type eq 'string';
	return boolean($value, $name) if $type eq 'bool';
	return number($type, $value, $name);
}

sub kind { return { int => 'integer', number => 'decimal', bool => 'boolean' }->{ $_[0] } // $_[0] }

# The first alternative that takes it; the refusal is that of the first that is a shape of its kind.
sub any
{
	my ($types, $value, $name) = @_;
	return undef if !ref $value && $value eq '' && grep { $_ eq 'empty' } @$types;
	my ($taken, $error);
	for my $type (grep { $_ ne 'empty' } @$types)
	{
		return $taken if eval { $taken = value($type, $value, $name); 1 };
		$error = $@ if !$error || (ref $value && ref $type && ($type->{hash} || $type->{array}));
	}
	die $error;
}

sub one_of
{
	my ($enum, $value, $name) = @_;
	return $value if !ref $value && grep { $_ eq $value } @$enum;
	my $leaf = $name =~ /\[([^\[\]]+)\]$/ ? $1 : $name;
	my @all = @$enum > 1 ? (@$enum[0 .. $#$enum - 1], "or $enum->[-1]") : @$enum;
	refuse_param($name, "Invalid $leaf: must be " . (@all > 1 ? 'one of ' : '') . join(', ', @all), -unsaved => 1);
}

sub list
{
	my ($type, $value, $name) = @_;
	refuse_param($name, 'Invalid array', -unsaved => 1) if !ref $value || grep { !/^\d+$/ } keys %$value;
	return [map { value($type, $value->{$_}, "$name\[$_]") } sort { $a <=> $b } keys %$value];
}

# metadata and its like: names of 40 characters, values of 500, 50 of them.
sub free
{
	my ($value, $name) = @_;
	refuse_param($name, 'Invalid object', -unsaved => 1) unless ref $value;
	return $value unless $name =~ /metadata\]?$/;
	refuse_param($name, 'You can only specify up to 50 keys for metadata.', -unsaved => 1) if keys %$value > 50;
	for my $key (sort keys %$value)
	{
		refuse_param("$name\[$key]", 'Invalid string: metadata values are text.',
			-unsaved => 1) if ref $value->{$key};
		refuse_param($name, 'Metadata keys can have up to 40 characters, but you passed in a key that is ' . length($key) . " characters. Invalid key: $key", -unsaved => 1)
		  if length $key > 40;
		refuse_param("$name\[$key]",
			'Metadata values can have up to 500 characters, but you passed in a value that is ' . length($value->{$key}) . " characters. Invalid value: $value->{$key}", -unsaved => 1)
		  if length $value->{$key} > 500;
	}
	return $value;
}

# Most text may be emptied; what names another object, or is required, may not.
sub not_empty
{
	my ($value, $name) = @_;
	return if $value ne '';
	refuse_param($name, "You passed an empty string for '$name'. We assume empty values are an attempt to unset a field; "
		. "however '$name' cannot be unset. You should remove '$name' from your request or supply a non-empty value.",
		code => 'parameter_invalid_empty', -unsaved => 1);
}

sub boolean
{
	my ($value, $name) = @_;
	return true()  if $value eq 'true';
	return false() if $value eq 'false';
	refuse_param($name, "Invalid boolean: $value", -unsaved => 1);
}

sub number
{
	my ($type, $value, $name) = @_;
	if ($type eq 'int')
	{
		return 0 + $value if $value =~ /^-?\d{1,15}$/;
		refuse_param($name, "Invalid integer: $value", code => 'parameter_invalid_integer', -unsaved => 1);
	}
	return 0 + $value if $value =~ /^-?\d{1,15}(?:\.\d{1,12})?$/;
	refuse_param($name, "Invalid decimal: $value", -unsaved => 1);
}

1;
