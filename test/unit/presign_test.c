/*
 * test/unit/presign_test.c
 *		Presigned URLs: the published example, and what the signature covers.
 */
#include "extension/media/presign.c"

#include "sha256.h"
#include "tap.h"

static const QcPresignHashes hashes = {test_sha256, test_hmac_sha256};

/* From "Authenticating Requests: Using Query Parameters" of the S3 manual. */
static const QcPresign example = {
	.method = "GET",
	.endpoint = "https://examplebucket.s3.amazonaws.com",
	.path = "/test.txt",
	.region = "us-east-1",
	.access_key = "AKIAIOSFODNN7EXAMPLE",
	.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	.time = "20130524T000000Z",
	.expires = 86400,
};

static char url[2048];
static char other[2048];

static bool
differs(const QcPresign *request)
{
	const char *a = strstr(url, "X-Amz-Signature=");
	const char *b;

	if (!qc_presign_url(request, &hashes, other, sizeof(other)))
		return false;
	b = strstr(other, "X-Amz-Signature=");
	return a && b && strcmp(a, b) != 0;
}

int
main(void)
{
	QcPresign put = example;
	QcPresign changed;
	uint8_t hash[32];

	test_sha256("abc", 3, hash);
	ok(hash[0] == 0xba && hash[31] == 0xad, "the test's own hash is SHA-256");
	ok(qc_presign_url(&example, &hashes, url, sizeof(url)),
	   "the published example is signed");
	is_str(
		url,
		"https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
		"&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
		"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
		"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
		"as it is published");

	put.method = "PUT";
	put.path = "/bucket/products/shop-1/gr\xc3\xbcn a+b.jpg";
	put.nheaders = 2;
	put.headers[0] = (QcPresignHeader){"content-length", "1000"};
	put.headers[1] = (QcPresignHeader){"content-type", "image/jpeg"};
	ok(qc_presign_url(&put, &hashes, url, sizeof(url)), "an upload is signed");
	ok(strstr(url, "/bucket/products/shop-1/gr%C3%BCn%20a%2Bb.jpg?") != NULL,
	   "its path is encoded");
	ok(strstr(url, "&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost&") !=
		   NULL,
	   "its headers are named");
	ok(strstr(url, "wJalr") == NULL, "the secret key is not in it");
	changed = put;
	changed.headers[0].value = "1001";
	ok(differs(&changed), "a longer file needs another signature");
	changed = put;
	changed.headers[1].value = "text/html";
	ok(differs(&changed), "so does another type");
	changed = put;
	changed.path = "/bucket/products/shop-2/x.jpg";
	ok(differs(&changed), "and another key");
	changed = put;
	changed.method = "DELETE";
	ok(differs(&changed), "and another method");
	changed = put;
	changed.expires = 86401;
	ok(differs(&changed), "and a longer life");
	ok(!qc_presign_url(&put, &hashes, url, 200), "a URL that does not fit is refused");
	changed = put;
	changed.time = "2013";
	ok(!qc_presign_url(&changed, &hashes, url, sizeof(url)),
	   "so is a time of another form");
	return done();
}
