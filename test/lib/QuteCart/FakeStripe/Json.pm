# test/lib/QuteCart/FakeStripe/Json.pm
#	JSON as Stripe writes it: two spaces, "id" and "object" first, the rest sorted.
#
# A scalar that was made as a number is a number, as a string a string: what came in a
# form stays text until Params makes a number of it.
package QuteCart::FakeStripe::Json;

use strict;
use warnings;
use Exporter qw(import);
use JSON::PP ();

our @EXPORT = qw(json_text json_data true false flag);

my $decoder = JSON::PP->new->utf8->allow_nonref;
my %escape  = ('"' => '\"', '\\' => '\\\\', "\n" => '\n', "\r" => '\r', "\t" => '\t', "\b" => '\b', "\f" => '\f');

sub true  { return $JSON::PP::true }
sub false { return $JSON::PP::false }
sub flag  { return $_[0] ? $JSON::PP::true : $JSON::PP::false }

sub json_data { return $decoder->decode($_[0]) }

# The bytes (UTF-8) of a structure.
sub json_text
{
	my $text = value($_[0], '') . "\n";
	utf8::encode($text);
	return $text;
}

sub value
{
	my ($value, $margin) = @_;
	return 'null' if !defined $value;
	my $type = ref $value;
	return scalar_text($value) if $type eq '';
	return list($value, $margin) if $type eq 'ARRAY';
	return hash($value, $margin) if $type eq 'HASH';
	return $value ? 'true' : 'false';
}

sub list
{
	my ($list, $margin) = @_;
	return '[]' unless @$list;
	my $inner = "$margin  ";
	return "[\n" . join(",\n", map { $inner . value($_, $inner) } @$list) . "\n$margin]";
}

sub hash
{
	my ($hash, $margin) = @_;
	return '{}' unless %$hash;
	my @keys = sort grep { $_ ne 'id' && $_ ne 'object' } keys %$hash;
	unshift @keys, grep { exists $hash->{$_} } qw(id object);
	my $inner = "$margin  ";
	return "{\n" . join(",\n", map { $inner . quoted($_) . ': ' . value($hash->{$_}, $inner) } @keys) . "\n$margin}";
}

sub scalar_text
{
	my ($value) = @_;
	no warnings 'numeric';
	# A number and an empty string: the bitwise "and" is numeric, so its text is not empty.
	return $value if length((my $empty = '') & $value);
	return quoted($value);
}

sub quoted
{
	my ($text) = @_;
	return qq("$text") if $text !~ /["\\\x00-\x1f\x7f]/;
	$text =~ s/(["\\\n\r\t\x08\f])/$escape{$1}/g;
	$text =~ s/([\x00-\x1f\x7f])/sprintf '\\u%04x', ord $1/ge;
	return qq("$text");
}

1;
