/*
 * extension/worker/hosts.c
 *		How many messages are on their way to each host, and may be.
 *
 * Lanes are fair to shops; hosts stand behind many lanes.  A host gets a limited number
 * of connections, and what was claimed for it beyond that is held back in memory.  One
 * keeps up while that is no more than it finishes in a second: so a fast host never
 * waits for the database, and a dead one takes up no room.
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "extension/core/guc.h"
#include "extension/outbox/address.h"
#include "extension/worker/hosts.h"

#define FIRST_HOSTS 64
#define PERIOD      (USECS_PER_SEC / 2)
#define ALWAYS_HELD 8
#define IS_NEW      (-1) /* the rate of a host that has not had the time to show it */

struct QcHost
{
	char name[QC_ADDRESS_HOST_MAX]; /* "host:port"; the key */
	int users;                      /* messages that know it */
	int on_way;
	int held;
	TimestampTz since; /* when the count below began */
	int finished;      /* since then */
	int rate;          /* a second, in the period before */
};

static HTAB *hosts = NULL;

static void
open_table(void)
{
	HASHCTL control = {.keysize = QC_ADDRESS_HOST_MAX, .entrysize = sizeof(QcHost)};

	hosts =
		hash_create("qutecart hosts", FIRST_HOSTS, &control, HASH_ELEM | HASH_STRINGS);
}

QcHost *
qc_hosts_enter(const char *url)
{
	char name[QC_ADDRESS_HOST_MAX];
	QcHost *host;
	bool found;

	if (hosts == NULL)
		open_table();
	if (!qc_address_url_host(url, name))
		strlcpy(name, "?", sizeof(name));
	host = hash_search(hosts, name, HASH_ENTER, &found);
	if (!found)
	{
		host->users = host->on_way = host->held = host->finished = 0;
		host->since = GetCurrentTimestamp();
		host->rate = IS_NEW;
	}
	host->users++;
	return host;
}

void
qc_hosts_leave(QcHost *host)
{
	if (--host->users == 0)
		(void) hash_search(hosts, host->name, HASH_REMOVE, NULL);
}

bool
qc_hosts_is_free(const QcHost *host)
{
	return host->on_way < qc_guc_worker_per_host;
}

/* Messages it has finished in a second: the last whole period, or since then. */
static int
rate_of(const QcHost *host)
{
	TimestampTz passed = GetCurrentTimestamp() - host->since;

	if (passed < PERIOD)
		return host->rate;
	return (int) (host->finished * USECS_PER_SEC / passed);
}

bool
qc_hosts_keeps_up(const QcHost *host)
{
	int rate = rate_of(host);

	return rate == IS_NEW || host->held <= Max(rate, ALWAYS_HELD);
}

void
qc_hosts_start(QcHost *host)
{
	host->on_way++;
}

void
qc_hosts_finish(QcHost *host)
{
	TimestampTz now = GetCurrentTimestamp();

	host->on_way--;
	host->finished++;
	if (now - host->since >= PERIOD)
	{
		host->rate = rate_of(host);
		host->finished = 0;
		host->since = now;
	}
}

void
qc_hosts_hold(QcHost *host)
{
	host->held++;
}

void
qc_hosts_unhold(QcHost *host)
{
	host->held--;
}
