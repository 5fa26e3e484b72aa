/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of sets of slots, each a tag and a window, two words that are changed one at a time. What
 * makes that safe to interrupt anywhere:
 *
 *   - A tag is never taken away, only replaced, so the first empty slot of a set is the same for
 *     everybody, and of several who claim it for one new key one succeeds; the others find it.
 *   - Who claims a slot first writes the window, with its own request counted, and then the tag. In
 *     between the window is the old key's, with fewer requests than it made; it was to be forgotten
 *     anyway.
 *   - Who counts looks at the tag again, and counts anew if the slot has become another's.
 *
 * Only where a full set gets one new key from several workers in the same instant may the key take
 * two slots. The one with more requests is then the key's, and a request per worker is not counted.
 */
#include "rate_limit.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(_Atomic uint64_t) == sizeof(uint64_t),
    "a lock in shared memory outlives who held it");

/* A set is two lines of the processor's cache; a mebibyte holds 65,536 callers and addresses. */
enum { SETS = 8192, WAYS = 8, LINE = 64 };

/* A window is its beginning in milliseconds, above the count. */
enum { COUNT_BITS = 20 };
#define COUNT_MAX ((UINT64_C(1) << COUNT_BITS) - 1)
#define START_MAX ((INT64_C(1) << (64 - COUNT_BITS)) - 1)
static_assert(GP_RATE_COUNT_MAX + 1 < COUNT_MAX, "the first refusal has a number of its own");

/*
 * How far in the future a window may begin: another worker has read the clock later than we did, or
 * the clock was set right. Beyond that it was set back, and the window would last too long.
 */
enum { AHEAD_MS = 60000 };

struct slot {
	_Atomic uint64_t tag; /* of its key; 0: nobody's yet */
	_Atomic uint64_t window;
};

struct table {
	_Atomic uint64_t salt[2]; /* each written once; 0: not yet */
	alignas(LINE) struct slot slots[SETS][WAYS];
};

struct gp_rate_limit {
	struct table *table; /* borrowed */
	struct gp_rate rate;
	EVP_MD *sha256;
	EVP_MD_CTX *context;
};

/* A whole number at *text, which moves behind it; -1 without one. Too large ones stay too large. */
static int64_t
read_number(const char **text)
{
	const int64_t enough = INT64_C(1000000000);
	int64_t number = 0;

	if (**text < '0' || **text > '9')
		return -1;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		if (number < enough)
			number = number * 10 + (**text - '0');
	}
	return number;
}

/* The milliseconds of a unit, 0 for none. */
static int64_t
unit_ms(const char *text)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "s", 1000 }, { "m", 60000 }, { "min", 60000 }, { "h", 3600000 },
		{ "d", 86400000 } };

	for (size_t i = 0; i < GP_COUNT(units); i++) {
		if (strcmp(units[i].name, text) == 0)
			return units[i].ms;
	}
	return 0;
}

const char *
gp_rate_read(const char *text, struct gp_rate *rate)
{
	static const char form[] =
	    "must be COUNT/PERIOD, such as 100/10s or 1000/m (units s, m, h, d), or off";
	int64_t count, periods = 1;

	*rate = (struct gp_rate){ 0, 0 };
	if (strcmp(text, "off") == 0)
		return NULL;
	count = read_number(&text);
	if (count < 0 || *text++ != '/')
		return form;
	if (*text >= '0' && *text <= '9')
		periods = read_number(&text);
	if (unit_ms(text) == 0)
		return form;
	periods *= unit_ms(text);
	if (count < 1 || count > GP_RATE_COUNT_MAX)
		return "must have a count of 1 to 1000000";
	if (periods < GP_RATE_PERIOD_MS_MIN || periods > GP_RATE_PERIOD_MS_MAX)
		return "must have a period of 1 second to 1 day";
	*rate = (struct gp_rate){ count, periods };
	return NULL;
}

size_t
gp_rate_limit_size(void)
{
	return sizeof(struct table);
}

/* The salt is whoever's was first, word by word: one who is killed in between leaves no gap. */
static bool
write_salt(struct table *table)
{
	uint64_t random[GP_COUNT(table->salt)];

	if (RAND_bytes((unsigned char *)random, sizeof(random)) != 1)
		return false;
	for (size_t i = 0; i < GP_COUNT(random); i++) {
		uint64_t none = 0;

		atomic_compare_exchange_strong(
		    &table->salt[i], &none, random[i] != 0 ? random[i] : 1);
	}
	return true;
}

struct gp_rate_limit *
gp_rate_limit_new(void *memory, const struct gp_rate *rate)
{
	struct gp_rate_limit *limiter = calloc(1, sizeof(*limiter));

	if (limiter == NULL)
		return NULL;
	limiter->table = memory;
	limiter->rate = *rate;
	limiter->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	limiter->context = EVP_MD_CTX_new();
	if (limiter->sha256 == NULL || limiter->context == NULL || !write_salt(limiter->table)) {
		gp_rate_limit_free(limiter);
		return NULL;
	}
	return limiter;
}

void
gp_rate_limit_free(struct gp_rate_limit *limiter)
{
	if (limiter == NULL)
		return;
	EVP_MD_CTX_free(limiter->context);
	EVP_MD_free(limiter->sha256);
	free(limiter);
}

/* The tag of a key, never 0; 0 when OpenSSL refuses. */
static uint64_t
tag_of(struct gp_rate_limit *limiter, enum gp_rate_kind kind, const void *key, size_t key_length)
{
	const uint64_t salt[] = { atomic_load(&limiter->table->salt[0]),
		atomic_load(&limiter->table->salt[1]) };
	const unsigned char kind_byte = (unsigned char)kind;
	unsigned char digest[EVP_MAX_MD_SIZE];
	uint64_t tag;

	if (EVP_DigestInit_ex2(limiter->context, limiter->sha256, NULL) != 1 ||
	    EVP_DigestUpdate(limiter->context, salt, sizeof(salt)) != 1 ||
	    EVP_DigestUpdate(limiter->context, &kind_byte, 1) != 1 ||
	    EVP_DigestUpdate(limiter->context, key, key_length) != 1 ||
	    EVP_DigestFinal_ex(limiter->context, digest, NULL) != 1)
		return 0;
	memcpy(&tag, digest, sizeof(tag));
	return tag != 0 ? tag : 1;
}

static uint64_t
window_of(int64_t start_ms, uint64_t count)
{
	return (uint64_t)start_ms << COUNT_BITS | count;
}

static int64_t
start_of(uint64_t window)
{
	return (int64_t)(window >> COUNT_BITS);
}

/* The requests counted in a window, 0 unless it is the present one. */
static uint64_t
count_of(uint64_t window, int64_t period_ms, int64_t now_ms)
{
	int64_t age_ms = now_ms - start_of(window);

	return age_ms >= -AHEAD_MS && age_ms < period_ms ? window & COUNT_MAX : 0;
}

/* The window after one more request. */
static uint64_t
counted(uint64_t window, int64_t period_ms, int64_t now_ms)
{
	uint64_t count = count_of(window, period_ms, now_ms);

	if (count == 0)
		return window_of(now_ms, 1);
	return count < COUNT_MAX ? window + 1 : window;
}

/* What the slots of a set are to one key. */
struct view {
	struct slot *own; /* the key's, NULL for none */
	uint64_t own_window, own_count;
	struct slot *victim; /* the best one for a new key: empty, else expired, else least used */
	uint64_t victim_tag, victim_window, victim_rank;
};

/* The lower, the better to be replaced; windows of one count by their age. */
static uint64_t
rank_of(uint64_t tag, uint64_t window, uint64_t count)
{
	if (tag == 0)
		return 0;
	return count == 0 ? 1 : count << (64 - COUNT_BITS) | (uint64_t)start_of(window);
}

static void
view_slot(struct view *view, struct slot *slot, uint64_t key_tag, int64_t period_ms, int64_t now_ms)
{
	/* The window first: whoever replaces a tag has changed the window before. */
	uint64_t window = atomic_load(&slot->window);
	uint64_t tag = atomic_load(&slot->tag);
	uint64_t count = count_of(window, period_ms, now_ms);
	uint64_t rank = rank_of(tag, window, count);

	if (tag == key_tag) {
		if (view->own == NULL || count > view->own_count) {
			view->own = slot;
			view->own_window = window;
			view->own_count = count;
		}
	} else if (view->victim == NULL || rank < view->victim_rank) {
		view->victim = slot;
		view->victim_tag = tag;
		view->victim_window = window;
		view->victim_rank = rank;
	}
}

/* One look at each slot, all the ways: a key may be behind a slot that has become free. */
static struct view
view_set(const struct gp_rate_limit *limiter, uint64_t tag, int64_t now_ms)
{
	struct slot *set = limiter->table->slots[tag % SETS];
	struct view view = { .own = NULL };

	for (size_t i = 0; i < WAYS; i++)
		view_slot(&view, &set[i], tag, limiter->rate.period_ms, now_ms);
	return view;
}

/* Make the slot that was viewed the key's, with one request counted; false when it has changed. */
static bool
claim(struct view *view, uint64_t tag, uint64_t window)
{
	return atomic_compare_exchange_strong(
		   &view->victim->window, &view->victim_window, window) &&
	       atomic_compare_exchange_strong(&view->victim->tag, &view->victim_tag, tag);
}

/* Count in the key's own slot; false when it has become another's. */
static bool
count_in(struct slot *slot, uint64_t tag, int64_t period_ms, int64_t now_ms, uint64_t *window)
{
	uint64_t before = atomic_load(&slot->window);

	do
		*window = counted(before, period_ms, now_ms);
	while (!atomic_compare_exchange_weak(&slot->window, &before, *window));
	return atomic_load(&slot->tag) == tag;
}

/* Count one request; the window after it. Each time we have to look again, another was counted. */
static uint64_t
count_request(struct gp_rate_limit *limiter, uint64_t tag, int64_t now_ms)
{
	const int64_t period_ms = limiter->rate.period_ms;
	uint64_t window;

	for (;;) {
		struct view view = view_set(limiter, tag, now_ms);

		if (view.own != NULL) {
			if (count_in(view.own, tag, period_ms, now_ms, &window))
				return window;
		} else {
			window = window_of(now_ms, 1);
			if (claim(&view, tag, window))
				return window;
		}
	}
}

/* A time that a window can begin at. */
static int64_t
clamp(int64_t now_ms)
{
	if (now_ms < 0)
		return 0;
	return now_ms < START_MAX ? now_ms : START_MAX;
}

static int64_t
retry_after_s(uint64_t window, int64_t period_ms, int64_t now_ms)
{
	int64_t rest_ms = start_of(window) + period_ms - now_ms;

	return rest_ms > 1000 ? (rest_ms + 999) / 1000 : 1;
}

/* The tag to count under; 0 when nothing is to be counted, and the request is within the limit. */
static uint64_t
begin(struct gp_rate_limit *limiter, enum gp_rate_kind kind, const void *key, size_t key_length,
    struct gp_rate_answer *answer)
{
	*answer = (struct gp_rate_answer){ 0, false };
	return limiter->rate.count > 0 ? tag_of(limiter, kind, key, key_length) : 0;
}

bool
gp_rate_limit_take(struct gp_rate_limit *limiter, enum gp_rate_kind kind, const void *key,
    size_t key_length, int64_t now_ms, struct gp_rate_answer *answer)
{
	const uint64_t limit = (uint64_t)limiter->rate.count;
	uint64_t tag = begin(limiter, kind, key, key_length, answer);
	uint64_t window, count;

	if (tag == 0)
		return true;
	now_ms = clamp(now_ms);
	window = count_request(limiter, tag, now_ms);
	count = window & COUNT_MAX;
	answer->retry_after_s = retry_after_s(window, limiter->rate.period_ms, now_ms);
	answer->first = count == limit + 1;
	return count <= limit;
}

bool
gp_rate_limit_allows(struct gp_rate_limit *limiter, enum gp_rate_kind kind, const void *key,
    size_t key_length, int64_t now_ms, struct gp_rate_answer *answer)
{
	const uint64_t limit = (uint64_t)limiter->rate.count;
	uint64_t tag = begin(limiter, kind, key, key_length, answer);
	struct view view;

	if (tag == 0)
		return true;
	now_ms = clamp(now_ms);
	view = view_set(limiter, tag, now_ms);
	if (view.own == NULL || view.own_count == 0)
		return true;
	answer->retry_after_s = retry_after_s(view.own_window, limiter->rate.period_ms, now_ms);
	if (view.own_count < limit)
		return true;
	/* Who makes it one more than the limit was the first; a refused request does so too. */
	answer->first = view.own_count == limit && atomic_compare_exchange_strong(&view.own->window,
						       &view.own_window, view.own_window + 1);
	return false;
}
