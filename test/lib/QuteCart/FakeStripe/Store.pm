# test/lib/QuteCart/FakeStripe/Store.pm
#	The objects, the clock and what must survive a restart.
#
# An object is a hash with "id" and "object"; names that begin with "_" are the stand-in's
# own.  What is read inside begin … commit may be changed freely: rollback puts it back.
# With a state file each commit is appended to it before the answer leaves, so that even
# a kill -9 loses nothing that was answered.
package QuteCart::FakeStripe::Store;

use strict;
use warnings;
use Storable qw(freeze thaw);

my @alphabet = ('0' .. '9', 'A' .. 'Z', 'a' .. 'z');

sub new
{
	my ($class, %o) = @_;
	my $self = bless {}, $class;
	$self->clear;
	$self->{file} = $o{file};
	if ($o{file} && -e $o{file})
	{
		$self->load($o{file});
		# One record instead of all that led to it.
		$self->save_as("$o{file}.new");
		rename "$o{file}.new", $o{file} or die "cannot write $o{file}: $!\n";
	}
	return $self;
}

# Everything forgotten, also in the file; the clock runs with the world's.
sub clear
{
	my ($self) = @_;
	@$self{qw(objects types counters keys settings)} = ({}, {}, {}, {}, {});
	$self->{clock} = { offset => 0, frozen => undef };
	$self->{undo} = undef;
	if ($self->{file})
	{
		unlink $self->{file};
		close delete $self->{journal} if $self->{journal};
	}
	return;
}

# --- the clock ---

sub now
{
	my ($self) = @_;
	return $self->{clock}{frozen} // time + $self->{clock}{offset};
}

# What time it is for an object: that of its customer's test clock, else the world's;
# a preview looks from another moment.
sub now_for
{
	my ($self, $object) = @_;
	return $self->{moment} if defined $self->{moment};
	my $clock = $self->clock_of($object) or return $self->now;
	return $clock->{frozen_time};
}

sub clock_of
{
	my ($self, $object) = @_;
	return undef unless $object;
	my $id = $object->{test_clock};
	if (!defined $id && $object->{object} ne 'customer' && $object->{customer})
	{
		my $customer = $self->{objects}{ $object->{customer} };
		$id = $customer->{test_clock} if $customer;
	}
	return $id ? $self->{objects}{$id} : undef;
}

# --- transactions ---

sub begin
{
	my ($self) = @_;
	@$self{qw(undo added)} = ({}, []);
	return;
}

sub commit
{
	my ($self) = @_;
	my $undo = delete $self->{undo} // {};
	delete $self->{added};
	$self->write([keys %$undo]) if $self->{file};
	return;
}

sub rollback
{
	my ($self) = @_;
	my $undo = delete $self->{undo} // {};
	for my $id (@{ delete $self->{added} // [] })
	{
		my $object = delete $self->{objects}{$id} or next;
		my $list = $self->{types}{ $object->{object} };
		@$list = grep { $_ ne $id } @$list;
	}
	for my $id (keys %$undo)
	{
		$self->{objects}{$id} = thaw($undo->{$id}) if defined $undo->{$id};
	}
	return;
}

sub in_transaction { return defined $_[0]{undo} }

# --- objects ---

sub new_id
{
	my ($self, $prefix, $length) = @_;
	my $id;
	do { $id = $prefix . ($length ? '' : '1') . join '', map { $alphabet[rand @alphabet] } 1 .. $length // 23 }
	  while $self->{objects}{$id};
	return $id;
}

sub add
{
	my ($self, $type, $object) = @_;
	$object->{object} = $type;
	$object->{_order} = ++$self->{counters}{order};
	$self->{objects}{ $object->{id} } = $object;
	push @{ $self->{types}{$type} }, $object->{id};
	push @{ $self->{added} }, $object->{id} if $self->{undo};
	$self->{undo}{ $object->{id} } = undef if $self->{undo} && !exists $self->{undo}{ $object->{id} };
	return $object;
}

# The object, or undef; of that type only, when one is named.
sub get
{
	my ($self, $id, $type) = @_;
	return undef unless defined $id;
	my $object = $self->{objects}{$id};
	return undef if !$object || ($type && $object->{object} ne $type) || $object->{_gone};
	$self->{undo}{$id} = freeze($object) if $self->{undo} && !exists $self->{undo}{$id};
	return $object;
}

# Deleted objects stay as what they were: {id, object, deleted}, invisible to get.
sub remove
{
	my ($self, $id) = @_;
	my $object = $self->get($id) or return;
	$object->{_gone} = 1;
	return;
}

sub gone
{
	my ($self, $id, $type) = @_;
	my $object = defined $id ? $self->{objects}{$id} : undef;
	return $object && $object->{object} eq $type && $object->{_gone} ? $object : undef;
}

# All objects of a type that fit, oldest first; a filter must not change them.
sub all
{
	my ($self, $type, $filter) = @_;
	my @found;
	for my $id (@{ $self->{types}{$type} // [] })
	{
		local $_ = $self->{objects}{$id};
		next if !$_ || $_->{_gone} || ($filter && !$filter->());
		push @found, $id;
	}
	return map { $self->get($_) } @found;
}

sub counter
{
	my ($self, $name) = @_;
	return ++$self->{counters}{$name};
}

# --- the file ---

# A record: length, then the frozen changes of one commit.
sub write
{
	my ($self, $ids) = @_;
	my %record = (
		objects => { map { $_ => $self->{objects}{$_} } @$ids },
		map { $_ => $self->{$_} } qw(counters clock settings));
	$record{keys} = { map { $_ => $self->{keys}{$_} } keys %{ delete $self->{new_keys} // {} } };
	$self->append(\%record);
	return;
}

sub append
{
	my ($self, $record) = @_;
	if (!$self->{journal})
	{
		open $self->{journal}, '>>:raw', $self->{file} or die "cannot write $self->{file}: $!\n";
	}
	my $bytes = freeze($record);
	syswrite $self->{journal}, pack('N', length $bytes) . $bytes;
	return;
}

sub save_as
{
	my ($self, $file) = @_;
	open my $out, '>:raw', $file or die "cannot write $file: $!\n";
	my $bytes = freeze({ map { $_ => $self->{$_} } qw(objects counters clock keys settings) });
	print $out pack('N', length $bytes), $bytes;
	close $out or die "cannot write $file: $!\n";
	return;
}

sub load
{
	my ($self, $file) = @_;
	open my $in, '<:raw', $file or die "cannot read $file: $!\n";
	while (read($in, my $head, 4) == 4)
	{
		my $length = unpack 'N', $head;
		# A torn last record is a commit that was never answered.
		last if read($in, my $bytes, $length) != $length;
		my $record = thaw($bytes);
		for my $part (qw(objects keys))
		{
			my $new = $record->{$part};
			@{ $self->{$part} }{ keys %$new } = values %$new;
		}
		$self->{$_} = $record->{$_} for grep { $record->{$_} } qw(counters clock settings);
	}
	delete $self->{objects}{$_} for grep { !$self->{objects}{$_} } keys %{ $self->{objects} };
	$self->{types} = {};
	for my $object (sort { $a->{_order} <=> $b->{_order} } values %{ $self->{objects} })
	{
		push @{ $self->{types}{ $object->{object} } }, $object->{id};
	}
	return;
}

1;
