#!/usr/bin/perl
# test/t/uploads.t
#	With a storage configured: the address a file is put to, and what may be confirmed.
use strict;
use warnings;
use JSON::PP qw(decode_json encode_json);
use Test::More;
use lib 'test/lib';
use QuteCart;

my $qc = QuteCart->new(conf => {
	'qutecart.storage_endpoint'   => 'https://s3.example.com/base/',
	'qutecart.storage_bucket'     => 'files',
	'qutecart.storage_region'     => 'eu-1',
	'qutecart.storage_access_key' => 'AKIDEXAMPLE',
	'qutecart.storage_secret_key' => 'very-secret',
	'qutecart.storage_public_url' => 'https://cdn.example.com/',
	'qutecart.media_expiry'       => '900s',
});
$qc->sql(<<'SQL');
INSERT INTO qutecart.users (name, email) VALUES ('Vera', 'vera@x.example');
INSERT INTO qutecart.shops (name) VALUES ('Teas');
INSERT INTO qutecart.shop_members (shop_id, user_id, role) SELECT s.id, u.id, 'owner' FROM qutecart.shops s, qutecart.users u;
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT id, sha256('token of Vera'), now() + interval '1 day' FROM qutecart.users;
SQL

sub call
{
	my ($endpoint, $body) = @_;
	my ($method, $target) = split / /, $endpoint;
	my $json = encode_json($body // {});
	my ($row) = $qc->rows("SELECT status, body FROM qutecart.http('$method', '$target',
		E'authorization: Bearer token of Vera\\ncontent-type: application/json\\n', convert_to('$json', 'UTF8'))");
	return ($row->[0], decode_json($row->[1]));
}

my ($status, $reply) =
  call('POST /api/upload', { file_name => 'a.jpg', mime_type => 'image/jpeg', bytes => 1234 });
is($status, 201, 'a file is reserved');
my $upload = $reply->{data}{upload};
my $key    = $reply->{data}{media}{key};
is($upload->{method}, 'PUT', 'the client puts it to the storage itself');
like($upload->{url}, qr{^https://s3\.example\.com/base/files/\Q$key\E\?X-Amz-Algorithm=AWS4-HMAC-SHA256},
	'at the address of its key');
like($upload->{url}, qr{X-Amz-Credential=AKIDEXAMPLE%2F\d{8}%2Feu-1%2Fs3%2Faws4_request&}, 'signed for the region');
like($upload->{url}, qr{X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost&X-Amz-Signature=[0-9a-f]{64}$},
	'with size and type under the signature');
my ($expires) = $upload->{url} =~ /X-Amz-Expires=(\d+)/;
cmp_ok($expires, '<=', 900, 'no longer than the reservation lasts');
cmp_ok($expires, '>',  890, 'but as long');
is_deeply($upload->{headers}, { 'Content-Length' => '1234', 'Content-Type' => 'image/jpeg' },
	'the headers to send are named');
unlike(encode_json($reply), qr/very-secret/, 'the secret key is not');
is($reply->{data}{media}{url}, "https://cdn.example.com/$key", 'the file will be read at its public address');

my $id = $reply->{data}{media}{id};
($status, $reply) = call("POST /api/upload/$id/confirm", { bytes => 1 });
is($status, 422, 'a size that the storage cannot have taken is refused');
is($reply->{errors}{bytes}[0], 'The file must have the 1234 bytes that were declared.', 'and why');
($status, $reply) = call("POST /api/upload/$id/confirm");
is($status, 200, 'the declared one is confirmed');
is($qc->sql('SELECT sum(bytes) FROM qutecart.media'), 1234, 'and counts');
done_testing();
