#!/usr/bin/perl
# tools/iso-currencies.pl
# Writes the seed of qutecart.currencies from the iso-codes package (ISO 4217).  The
# package has no minor units; those that differ from 2 stand here.
use strict;
use warnings;
use JSON::PP;

binmode STDOUT, ':encoding(UTF-8)';
my $file = $ENV{ISO_CODES} // '/usr/share/iso-codes/json';
open my $in, '<', "$file/iso_4217.json"
    or die "cannot read $file/iso_4217.json: $! (install the package iso-codes)\n";
my $currencies = decode_json(do { local $/; <$in> })->{4217};

my %decimals = (
    (map { $_ => 0 } qw(BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF)),
    (map { $_ => 3 } qw(BHD IQD JOD KWD LYD OMR TND)),
    (map { $_ => 4 } qw(CLF UYW)),
);
my %symbols = (
    USD => '$', EUR => "\x{20ac}", GBP => "\x{a3}", JPY => "\x{a5}", CNY => "\x{a5}", INR => "\x{20b9}",
    BDT => "\x{9f3}", KRW => "\x{20a9}", NGN => "\x{20a6}", TRY => "\x{20ba}", UAH => "\x{20b4}", VND => "\x{20ab}",
    PHP => "\x{20b1}", ILS => "\x{20aa}", THB => "\x{e3f}", KZT => "\x{20b8}", GHS => "\x{20b5}", CHF => 'CHF',
    CAD => 'CA$', AUD => 'A$', NZD => 'NZ$', BRL => 'R$', MXN => 'MX$', HKD => 'HK$', SGD => 'S$', TWD => 'NT$',
);

sub literal { my $v = shift; $v =~ s/'/''/g; return "'$v'" }

print "-- Made by tools/iso-currencies.pl from the iso-codes package.\n";
print "INSERT INTO qutecart.currencies (code, number, name, symbol, decimals, is_active, is_default) VALUES\n";
print join(",\n", map {
    my $code = $_->{alpha_3};
    '    (' . join(', ', literal($code), $_->{numeric} + 0, literal($_->{name}), literal($symbols{$code} // $code),
        $decimals{$code} // 2, $code =~ /^(USD|EUR)$/ ? 'true' : 'false', $code eq 'USD' ? 'true' : 'false') . ')'
} sort { $a->{alpha_3} cmp $b->{alpha_3} } @$currencies);
print "\nON CONFLICT (code) DO UPDATE SET number = excluded.number, name = excluded.name, decimals = excluded.decimals\n"
    . "    WHERE (currencies.number, currencies.name, currencies.decimals)\n"
    . "        IS DISTINCT FROM (excluded.number, excluded.name, excluded.decimals);\n";
