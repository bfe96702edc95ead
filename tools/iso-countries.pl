#!/usr/bin/perl
# tools/iso-countries.pl
# Writes the seed of qutecart.countries from the iso-codes package (ISO 3166-1).
use strict;
use warnings;
use JSON::PP;

binmode STDOUT, ':encoding(UTF-8)';
my $file = $ENV{ISO_CODES} // '/usr/share/iso-codes/json';
open my $in, '<', "$file/iso_3166-1.json"
    or die "cannot read $file/iso_3166-1.json: $! (install the package iso-codes)\n";
my $countries = decode_json(do { local $/; <$in> })->{'3166-1'};

sub literal { my $v = shift; return 'NULL' unless defined $v; $v =~ s/'/''/g; return "'$v'" }

print "-- Made by tools/iso-countries.pl from the iso-codes package.\n";
print "INSERT INTO qutecart.countries (id, alpha_2, alpha_3, name, official_name, flag) VALUES\n";
print join(",\n", map {
    '    (' . join(', ', $_->{numeric} + 0, map { literal($_) }
        @$_{qw(alpha_2 alpha_3)}, $_->{common_name} // $_->{name}, $_->{official_name}, $_->{flag}) . ')'
} sort { $a->{alpha_2} cmp $b->{alpha_2} } @$countries);
print "\nON CONFLICT (id) DO UPDATE SET alpha_2 = excluded.alpha_2, alpha_3 = excluded.alpha_3,\n"
    . "    name = excluded.name, official_name = excluded.official_name, flag = excluded.flag\n"
    . "    WHERE (countries.alpha_2, countries.alpha_3, countries.name, countries.official_name, countries.flag)\n"
    . "        IS DISTINCT FROM (excluded.alpha_2, excluded.alpha_3, excluded.name, excluded.official_name, excluded.flag);\n";
