/*
 * test/lib/sha256.h
 *		SHA-256 and its HMAC for unit tests that run without a server.
 */
#ifndef TEST_SHA256_H
#define TEST_SHA256_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
sha256_root(int n, int is_cube)
{
	/* The first 32 bits of the fraction of the n-th prime's root. */
	int prime = 1;
	long double root;

	for (int found = 0; found <= n;)
	{
		int is_prime = 1;

		prime++;
		for (int d = 2; d * d <= prime; d++)
			is_prime &= prime % d != 0;
		found += is_prime;
	}
	root = prime;
	for (int i = 0; i < 200; i++)
		root = is_cube ? (2 * root + prime / (root * root)) / 3
					   : (root + prime / root) / 2;
	return (uint32_t) ((root - (long long) root) * 4294967296.0L);
}

static uint32_t
sha256_turn(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void
sha256_block(uint32_t *h, const uint8_t *block, const uint32_t *k)
{
	uint32_t w[64], v[8];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t) block[i * 4] << 24 | block[i * 4 + 1] << 16 |
			   block[i * 4 + 2] << 8 | block[i * 4 + 3];
	for (int i = 16; i < 64; i++)
	{
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
			   (sha256_turn(a, 7) ^ sha256_turn(a, 18) ^ a >> 3) +
			   (sha256_turn(b, 17) ^ sha256_turn(b, 19) ^ b >> 10);
	}
	memcpy(v, h, sizeof(v));
	for (int i = 0; i < 64; i++)
	{
		uint32_t e = v[4], a = v[0];
		uint32_t one = v[7] +
					   (sha256_turn(e, 6) ^ sha256_turn(e, 11) ^ sha256_turn(e, 25)) +
					   ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
		uint32_t two = (sha256_turn(a, 2) ^ sha256_turn(a, 13) ^ sha256_turn(a, 22)) +
					   ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += one;
		v[0] = one + two;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

static void
test_sha256(const void *data, size_t len, uint8_t *hash)
{
	size_t padded = (len + 9 + 63) / 64 * 64;
	uint8_t *text = calloc(1, padded);
	uint32_t h[8], k[64];

	for (int i = 0; i < 64; i++)
		k[i] = sha256_root(i, 1);
	for (int i = 0; i < 8; i++)
		h[i] = sha256_root(i, 0);
	memcpy(text, data, len);
	text[len] = 0x80;
	for (int i = 0; i < 8; i++)
		text[padded - 1 - i] = (uint8_t) ((uint64_t) len * 8 >> i * 8);
	for (size_t at = 0; at < padded; at += 64)
		sha256_block(h, text + at, k);
	for (int i = 0; i < 32; i++)
		hash[i] = (uint8_t) (h[i / 4] >> (24 - i % 4 * 8));
	free(text);
}

static void
test_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
				 uint8_t *hash)
{
	uint8_t *text = calloc(1, 64 + len + 32);
	uint8_t pad[64] = {0};

	if (key_len > 64)
		test_sha256(key, key_len, pad);
	else
		memcpy(pad, key, key_len);
	for (int i = 0; i < 64; i++)
		text[i] = pad[i] ^ 0x36;
	memcpy(text + 64, data, len);
	test_sha256(text, 64 + len, hash);
	for (int i = 0; i < 64; i++)
		text[i] = pad[i] ^ 0x5c;
	memcpy(text + 64, hash, 32);
	test_sha256(text, 96, hash);
	free(text);
}

#endif
