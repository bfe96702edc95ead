# test/lib/QuteCart/FakeStripe/Form.pm
#	application/x-www-form-urlencoded with brackets: items[0][price]=…&expand[]=…
#
# A parsed form is hashes of text; a list is a hash whose keys are numbers until
# Params, which knows what is wanted, makes an array of it.
package QuteCart::FakeStripe::Form;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Error;

our @EXPORT = qw(form_data form_text);

sub form_data
{
	my ($text) = @_;
	my %data;
	for my $pair (split /&/, $text // '')
	{
		next if $pair eq '';
		my ($name, $value) = map { decoded($_ // '') } (split /=/, $pair, 2)[0, 1];
		place(\%data, $name, $value);
	}
	return \%data;
}

sub decoded
{
	my ($text) = @_;
	$text =~ tr/+/ /;
	$text =~ s/%([0-9a-fA-F]{2})/chr hex $1/ge;
	utf8::decode($text) or refuse(400, 'Invalid request: the parameters are not valid UTF-8.', -unsaved => 1);
	return $text;
}

sub place
{
	my ($data, $name, $value) = @_;
	my ($first, $rest) = $name =~ /^([^\[\]]+)((?:\[[^\[\]]*\])*)$/
	  or refuse(400, "Invalid request: '$name' is not the name of a parameter.", -unsaved => 1);
	my @path = ($first, $rest =~ /\[([^\[\]]*)\]/g);
	my $at   = $data;
	while (defined(my $key = shift @path))
	{
		$key = next_index($at, \@path) if $key eq '';
		if (!@path)
		{
			$at->{$key} = $value;
			return;
		}
		$at->{$key} = {} unless ref $at->{$key};
		$at = $at->{$key};
	}
	return;
}

# a[][x]=1&a[][y]=2&a[][x]=3 are two elements: a name that is taken begins the next one.
sub next_index
{
	my ($at, $path) = @_;
	my $count = grep { /^\d+$/ } keys %$at;
	return 0 unless $count;
	my $last = $at->{ $count - 1 };
	return $count if !@$path || !ref $last || exists $last->{ $path->[0] };
	return $count - 1;
}

# The reverse, for clients: nested data to a form.
sub form_text
{
	my ($data) = @_;
	return join '&', pairs('', $data);
}

sub pairs
{
	my ($prefix, $data) = @_;
	if (ref $data eq 'HASH')
	{
		return map { pairs($prefix eq '' ? encoded($_) : "$prefix\[" . encoded($_) . ']',
			$data->{$_}) } sort keys %$data;
	}
	if (ref $data eq 'ARRAY')
	{
		return map { pairs("$prefix\[$_]", $data->[$_]) } 0 .. $#$data;
	}
	return "$prefix=" . encoded(ref $data ? ($data ? 'true' : 'false') : $data // '');
}

sub encoded
{
	my ($text) = @_;
	utf8::encode($text) if utf8::is_utf8($text);
	$text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
	return $text;
}

1;
