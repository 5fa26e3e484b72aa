/* SPDX-License-Identifier: Apache-2.0 */
/* Where settings come from, what is refused and how it is named, and that secrets stay secret. */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "scratch.h"
#include "unit.h"

#define NO_FILE "/nonexistent/gatepost.env"
#define SECRET_32 "unit-test-secret-of-32-character"
#define URL "postgresql://gatepost_api:hunter2@db.example/app"

/* Every setting; the sample and what is printed must have them all. */
static const char *const names[] = { "BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS",
	"JWT_ACCEPT_PREVIOUS_SECRETS", "DATABASE_URL", "OWNER_DATABASE_URL", "AUTH_DATABASE_URL",
	"DATABASE_TIMEOUT_SECONDS", "JWKS_FILE", "JWKS_URL", "JWKS_CACHE_DIRECTORY",
	"JWKS_FETCH_PROGRAM", "JWKS_MAX_STALE_SECONDS", "JWT_LIVENESS", "JWT_MEMORY_TOKENS",
	"JWT_ISSUER", "JWT_AUDIENCE", "JWT_LEEWAY_SECONDS", "ACCESS_TOKEN_EXPIRE_MINUTES",
	"OWNERSHIP_FAILURE", "CORS_ORIGINS", "FRONTEND_URL", "RATE_LIMIT", "TRUSTED_PROXIES",
	"ACCESS_RULES", "LOGIN_URL", "METRICS_ALLOW", "STATE_DIRECTORY", "MAIL_FROM", "SENDMAIL",
	"MAIL_DIRECTORY", "MOUNT_PATH", "LOG_FORMAT", "LOG_LEVEL", "LOG_TARGET",
	"LOG_LINES_PER_SECOND", "MAX_REQUESTS", "DATABASE_CONNECTION_MAX_AGE_SECONDS", "DB_PREPARE",
	"REQUIRE_HTTPS", "NOTIFY_DATABASE_URL", "NOTIFY_LISTEN", "NOTIFY_MAX_CONNECTIONS",
	"NOTIFY_MAX_CONNECTIONS_PER_USER", "NOTIFY_PING_SECONDS", "NOTIFY_TIMEOUT_SECONDS" };

static char problem[1024];

static struct gp_settings *
load(char *const *environment, const char *file, enum gp_program_bit program)
{
	problem[0] = '\0';
	return gp_settings_load(environment, file, program, problem, sizeof(problem));
}

/* The settings of the API with all that it needs and one line more, which goes first. */
static struct gp_settings *
load_with(const char *line)
{
	char *const environment[] = { (char *)(size_t)line, "BETTER_AUTH_SECRET=" SECRET_32,
		"DATABASE_URL=" URL, NULL };

	gp_test_row("%s", line);
	return load(environment, NO_FILE, GP_PROGRAM_API);
}

/* The same from a file whose text this is. */
static struct gp_settings *
load_file(const char *text)
{
	char *const environment[] = { "BETTER_AUTH_SECRET=" SECRET_32, "DATABASE_URL=" URL, NULL };
	struct gp_settings *settings;
	struct gp_test_file file;

	gp_test_row("%s", text);
	CU_ASSERT_FATAL(gp_test_file_make(&file, text, strlen(text)));
	settings = load(environment, file.path, GP_PROGRAM_API);
	gp_test_file_remove(&file);
	return settings;
}

static bool
allows_metrics(const struct gp_settings *settings, const char *text)
{
	struct gp_address address;

	CU_ASSERT_FATAL(gp_address_read(text, strlen(text), &address));
	return gp_address_list_has(&settings->metrics_allow, &address);
}

static void
has_the_defaults_that_it_states(void)
{
	struct gp_settings *settings = load_with("X=y");

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_STRING_EQUAL(settings->secrets.secrets[0].bytes, SECRET_32);
	CU_ASSERT_EQUAL(settings->secrets.secrets[0].length, 32);
	CU_ASSERT_STRING_EQUAL(settings->database_url, URL);
	CU_ASSERT_EQUAL(settings->database_timeout_s, 5);
	CU_ASSERT_EQUAL(settings->secrets.count, 1);
	CU_ASSERT_EQUAL(settings->previous_secrets, 0);
	CU_ASSERT_PTR_NULL(settings->auth_database_url);
	CU_ASSERT_PTR_NULL(settings->jwks_file);
	CU_ASSERT_PTR_NULL(settings->jwks_url);
	CU_ASSERT_STRING_EQUAL(settings->jwks_cache_directory, GATEPOST_CACHE_DEFAULT);
	CU_ASSERT_EQUAL(settings->jwks_max_stale_s, 86400);
	CU_ASSERT_EQUAL(settings->live_users, 0);
	CU_ASSERT_EQUAL(settings->memory_tokens, 1024);
	CU_ASSERT_PTR_NULL(settings->issuer);
	CU_ASSERT_PTR_NULL(settings->audience);
	CU_ASSERT_EQUAL(settings->leeway_s, 5);
	CU_ASSERT_EQUAL(settings->access_token_minutes, 30);
	CU_ASSERT_EQUAL(settings->ownership_failure, 403);
	CU_ASSERT_EQUAL_FATAL(settings->origins.count, 1);
	CU_ASSERT_STRING_EQUAL(settings->origins.origins[0], "http://localhost:3000");
	CU_ASSERT_PTR_NULL(settings->frontend_url);
	CU_ASSERT_EQUAL(settings->rate.count, 0);
	CU_ASSERT_EQUAL(settings->trusted_proxies.count, 0);
	CU_ASSERT_EQUAL(settings->metrics_allow.count, 2);
	CU_ASSERT(allows_metrics(settings, "127.0.0.1"));
	CU_ASSERT(allows_metrics(settings, "127.255.255.254"));
	CU_ASSERT(allows_metrics(settings, "::1"));
	CU_ASSERT_FALSE(allows_metrics(settings, "::2"));
	CU_ASSERT_FALSE(allows_metrics(settings, "128.0.0.1"));
	CU_ASSERT_STRING_EQUAL(settings->state_directory, GATEPOST_STATE_DEFAULT);
	CU_ASSERT_PTR_NULL(settings->mail_from.address);
	CU_ASSERT_STRING_EQUAL(settings->sendmail, "/usr/sbin/sendmail -t -i");
	CU_ASSERT_STRING_EQUAL(settings->mail_directory, GATEPOST_MAIL_DEFAULT);
	CU_ASSERT_STRING_EQUAL(settings->access_rules, GATEPOST_RULES_DEFAULT);
	CU_ASSERT_PTR_NULL(settings->login_url);
	CU_ASSERT_STRING_EQUAL(settings->mount_path, "");
	CU_ASSERT_EQUAL(settings->max_requests, 0);
	CU_ASSERT_EQUAL(settings->database_max_age_s, 3600);
	CU_ASSERT_EQUAL(settings->database_prepares, 1);
	CU_ASSERT_EQUAL(settings->require_https, 0);
	CU_ASSERT_EQUAL(settings->log_format, GP_LOG_TEXT);
	CU_ASSERT_EQUAL(settings->log_level, GP_LOG_INFO);
	CU_ASSERT_EQUAL(settings->log_target, GP_LOG_STDERR);
	CU_ASSERT_EQUAL(settings->log_lines_per_second, 100);
	CU_ASSERT_STRING_EQUAL(problem, "");
	gp_settings_free(settings);
	gp_settings_free(NULL);
}

static void
accepts_good_values(void)
{
	static const char *const lines[] = { "DATABASE_TIMEOUT_SECONDS=1",
		"DATABASE_TIMEOUT_SECONDS=300", "REQUIRE_HTTPS=on", "REQUIRE_HTTPS=off",
		"DB_PREPARE=on", "DB_PREPARE=off", "DATABASE_CONNECTION_MAX_AGE_SECONDS=0",
		"DATABASE_CONNECTION_MAX_AGE_SECONDS=1",
		"DATABASE_CONNECTION_MAX_AGE_SECONDS=2592000", "JWT_LEEWAY_SECONDS=0",
		"JWT_LEEWAY_SECONDS=300", "ACCESS_TOKEN_EXPIRE_MINUTES=1",
		"ACCESS_TOKEN_EXPIRE_MINUTES=1440", "OWNERSHIP_FAILURE=403",
		"OWNERSHIP_FAILURE=404", "MOUNT_PATH=/", "MOUNT_PATH=/x/y", "LOG_FORMAT=text",
		"LOG_FORMAT=json", "LOG_LEVEL=error", "LOG_LEVEL=warning", "LOG_LEVEL=info",
		"LOG_LEVEL=debug", "LOG_TARGET=stderr", "LOG_TARGET=syslog",
		"JWT_ISSUER=https://a.example", "JWT_AUDIENCE=\xc3\xa4", "UNKNOWN_SETTING=\x01",
		"JWT_ACCEPT_PREVIOUS_SECRETS=on", "JWT_ACCEPT_PREVIOUS_SECRETS=off",
		"JWT_LIVENESS=user", "JWT_LIVENESS=off", "JWT_MEMORY_TOKENS=0",
		"JWT_MEMORY_TOKENS=1000000", "JWKS_MAX_STALE_SECONDS=60",
		"JWKS_MAX_STALE_SECONDS=2592000", "JWKS_FILE=keys.json",
		"JWKS_URL=https://a.example/api/auth/jwks", "JWKS_URL=http://127.0.0.1:3000/jwks",
		"JWKS_CACHE_DIRECTORY=/var/cache/x", "AUTH_DATABASE_URL=postgresql://h/auth",
		"CORS_ORIGINS=https://app.example.com", "CORS_ORIGINS=[]",
		"CORS_ORIGINS=http://a.example, https://b.example:8443/",
		"CORS_ORIGINS=[\"http://a.example\",\"http://b.example\"]",
		"FRONTEND_URL=https://app.example.com/login?next=/", "RATE_LIMIT=off",
		"RATE_LIMIT=1/s", "RATE_LIMIT=100/10s", "RATE_LIMIT=1000000/1d",
		"TRUSTED_PROXIES=none", "TRUSTED_PROXIES=10.0.0.0/8, ::1",
		"TRUSTED_PROXIES=192.0.2.1 192.0.2.2", "METRICS_ALLOW=none",
		"METRICS_ALLOW=0.0.0.0/0,::/0", "STATE_DIRECTORY=/run/x", "STATE_DIRECTORY=/run/x/",
		"MAIL_FROM=no-reply@example.com", "MAIL_FROM=Tasks <no-reply@example.com>",
		"MAIL_FROM=\xc3\x84 \xe2\x9c\x93 <a@b.example>", "SENDMAIL=/usr/bin/msmtp",
		"SENDMAIL=/usr/sbin/sendmail  -t -oi ", "MAIL_DIRECTORY=/etc/gatepost/mail/",
		"MAX_REQUESTS=0", "MAX_REQUESTS=1", "MAX_REQUESTS=1000000000",
		"BETTER_AUTH_SECRETS=2:" SECRET_32 ","
		"1:" SECRET_32 };

	for (size_t i = 0; i < GP_COUNT(lines); i++) {
		struct gp_settings *settings = load_with(lines[i]);

		CU_ASSERT_PTR_NOT_NULL(settings);
		CU_ASSERT_STRING_EQUAL(problem, "");
		gp_settings_free(settings);
	}
}

static void
refuses_bad_values_and_names_the_setting(void)
{
	static const char *const lines[] = { "DATABASE_TIMEOUT_SECONDS=0",
		"DATABASE_TIMEOUT_SECONDS=301", "REQUIRE_HTTPS=yes", "REQUIRE_HTTPS=1",
		"REQUIRE_HTTPS=https", "DB_PREPARE=no", "DB_PREPARE=0", "DB_PREPARE=Off",
		"DATABASE_CONNECTION_MAX_AGE_SECONDS=-1",
		"DATABASE_CONNECTION_MAX_AGE_SECONDS=2592001",
		"DATABASE_CONNECTION_MAX_AGE_SECONDS=1h", "DATABASE_TIMEOUT_SECONDS=-1",
		"DATABASE_TIMEOUT_SECONDS=5s", "DATABASE_TIMEOUT_SECONDS=5.0",
		"DATABASE_TIMEOUT_SECONDS=five", "DATABASE_TIMEOUT_SECONDS=0x5",
		"DATABASE_TIMEOUT_SECONDS=5 ", "DATABASE_TIMEOUT_SECONDS=99999999999999999999",
		"JWT_LEEWAY_SECONDS=-1", "JWT_LEEWAY_SECONDS=301", "JWT_LEEWAY_SECONDS=5 seconds",
		"JWT_LEEWAY_SECONDS=9223372036854775808", "ACCESS_TOKEN_EXPIRE_MINUTES=0",
		"ACCESS_TOKEN_EXPIRE_MINUTES=1441", "ACCESS_TOKEN_EXPIRE_MINUTES=1e2",
		"OWNERSHIP_FAILURE=400", "OWNERSHIP_FAILURE=0404", "OWNERSHIP_FAILURE= 404",
		"MOUNT_PATH=x", "MOUNT_PATH=x/", "MOUNT_PATH= /x", "MOUNT_PATH=/x\n",
		"MOUNT_PATH=/\x7f", "LOG_LINES_PER_SECOND=-1", "LOG_LINES_PER_SECOND=many",
		"LOG_FORMAT=xml", "LOG_FORMAT=JSON", "LOG_LEVEL=warn", "LOG_LEVEL=3",
		"LOG_LEVEL=Error", "LOG_TARGET=file", "LOG_TARGET=/var/log/x", "JWT_ISSUER=a\nb",
		"JWT_ISSUER=\x01", "JWT_AUDIENCE=\x7f", "JWT_AUDIENCE=a\tb",
		"JWT_ACCEPT_PREVIOUS_SECRETS=yes", "JWT_ACCEPT_PREVIOUS_SECRETS=1",
		"JWT_ACCEPT_PREVIOUS_SECRETS=On", "JWT_LIVENESS=on", "JWT_LIVENESS=User",
		"JWT_LIVENESS=session", "JWT_MEMORY_TOKENS=-1", "JWT_MEMORY_TOKENS=1000001",
		"JWT_MEMORY_TOKENS=1k", "JWKS_MAX_STALE_SECONDS=59",
		"JWKS_MAX_STALE_SECONDS=2592001", "JWKS_MAX_STALE_SECONDS=0", "JWKS_FILE=a\nb",
		"JWKS_URL=https://a.example/\x01", "JWKS_URL=ftp://a.example/jwks",
		"JWKS_URL=a.example/jwks", "JWKS_URL=file:///etc/passwd", "JWKS_URL=HTTPS://a",
		"JWKS_CACHE_DIRECTORY=cache", "JWKS_CACHE_DIRECTORY=/a\x7f",
		"AUTH_DATABASE_URL=postgresql://h/\x02", "BETTER_AUTH_SECRETS=" SECRET_32,
		"BETTER_AUTH_SECRETS=1:short", "BETTER_AUTH_SECRETS=1:" SECRET_32 ",",
		"BETTER_AUTH_SECRETS=1:" SECRET_32 ",1:" SECRET_32,
		"BETTER_AUTH_SECRETS=x:" SECRET_32, "BETTER_AUTH_SECRETS=1:" SECRET_32 "\x01",
		"CORS_ORIGINS=*", "CORS_ORIGINS=null", "CORS_ORIGINS=app.example.com",
		"CORS_ORIGINS=https://app.example.com/path", "CORS_ORIGINS=https://*.example.com",
		"CORS_ORIGINS=https://a.example,", "CORS_ORIGINS=[\"https://a.example\"",
		"CORS_ORIGINS=https://a.example\x01", "CORS_ORIGINS=https://a.example\r\nX: y",
		"CORS_ORIGINS=ftp://a.example", "CORS_ORIGINS=http://localhost:99999",
		"FRONTEND_URL=app.example.com", "FRONTEND_URL=*", "FRONTEND_URL=https://",
		"FRONTEND_URL=https://u:p@app.example.com/", "FRONTEND_URL=https://a.example/\n",
		"RATE_LIMIT=100", "RATE_LIMIT=100/", "RATE_LIMIT=/10s", "RATE_LIMIT=0/s",
		"RATE_LIMIT=-1/s", "RATE_LIMIT=1000001/s", "RATE_LIMIT=100/0s", "RATE_LIMIT=100/2d",
		"RATE_LIMIT=100/10", "RATE_LIMIT=100 / 10s", "RATE_LIMIT=on", "RATE_LIMIT=OFF",
		"RATE_LIMIT=100/10s\n", "TRUSTED_PROXIES=localhost", "TRUSTED_PROXIES=10.0.0.0/33",
		"TRUSTED_PROXIES=none, ::1", "TRUSTED_PROXIES=,", "TRUSTED_PROXIES=10.0.0",
		"TRUSTED_PROXIES=*", "TRUSTED_PROXIES=::1\n", "METRICS_ALLOW=all",
		"METRICS_ALLOW=::/129", "METRICS_ALLOW= , ", "METRICS_ALLOW=127.0.0.1:80:1",
		"STATE_DIRECTORY=state", "STATE_DIRECTORY=./state", "STATE_DIRECTORY=/a\x01",
		"MAIL_FROM=Tasks", "MAIL_FROM=Tasks <no-reply>",
		"MAIL_FROM=a@b.example, c@d.example",
		"MAIL_FROM=Tasks <a@b.example>\r\nBcc: c@d.example",
		"MAIL_FROM=a\xff <a@b.example>", "SENDMAIL=sendmail -t",
		"SENDMAIL= /usr/sbin/sendmail", "SENDMAIL=|/usr/sbin/sendmail",
		"SENDMAIL=/usr/sbin/sendmail\t-t", "SENDMAIL=/usr/sbin/sendmail\n",
		"MAIL_DIRECTORY=mail", "MAIL_DIRECTORY=/a\x01", "BETTER_AUTH_SECRET=short",
		"MAX_REQUESTS=-1", "MAX_REQUESTS=1000000001", "MAX_REQUESTS=1k", "MAX_REQUESTS=off",
		"MAX_REQUESTS=1e3", "NOTIFY_MAX_CONNECTIONS=0", "NOTIFY_MAX_CONNECTIONS_PER_USER=0",
		"NOTIFY_TIMEOUT_SECONDS=25", "DATABASE_URL=postgresql://h/\x01",
		"OWNER_DATABASE_URL=postgresql://h/\n" };

	for (size_t i = 0; i < GP_COUNT(lines); i++) {
		struct gp_settings *settings = load_with(lines[i]);
		size_t length = strcspn(lines[i], "=");

		CU_ASSERT_PTR_NULL(settings);
		CU_ASSERT_EQUAL(strncmp(problem, lines[i], length), 0);
		CU_ASSERT_EQUAL(problem[length], ':');
		CU_ASSERT_PTR_NULL(strchr(problem, '\n'));
		gp_settings_free(settings);
	}
}

/* The same table judges a file. */
static void
judges_values_of_the_file_alike(void)
{
	struct gp_settings *settings = load_file("JWT_LEEWAY_SECONDS=7\nLOG_FORMAT='json'\n");

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_EQUAL(settings->leeway_s, 7);
	CU_ASSERT_EQUAL(settings->log_format, GP_LOG_JSON);
	gp_settings_free(settings);
	settings = load_file("JWT_LEEWAY_SECONDS=seven\n");
	CU_ASSERT_PTR_NULL(settings);
	CU_ASSERT_PTR_EQUAL(strstr(problem, "JWT_LEEWAY_SECONDS:"), problem);
	settings = load_file("JWT_LEEWAY_SECONDS=7\nOOPS\n");
	CU_ASSERT_PTR_NULL(settings);
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "line 2"));
}

static void
lets_the_environment_go_before_the_file(void)
{
	char *const environment[] = { "BETTER_AUTH_SECRET=" SECRET_32, "DATABASE_URL=" URL,
		"JWT_LEEWAY_SECONDS=9", "JWT_ISSUER=", "JWT_ISSUER=second", NULL };
	static const char text[] = "JWT_LEEWAY_SECONDS=7\nJWT_ISSUER=from-the-file\n"
				   "JWT_AUDIENCE=from-the-file\nBETTER_AUTH_SECRET=short\n";
	struct gp_settings *settings;
	struct gp_test_file file;

	CU_ASSERT_FATAL(gp_test_file_make(&file, text, strlen(text)));
	settings = load(environment, file.path, GP_PROGRAM_API);
	gp_test_file_remove(&file);
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_EQUAL(settings->leeway_s, 9);
	CU_ASSERT(gp_test_same(settings->issuer, "from-the-file"));
	CU_ASSERT(gp_test_same(settings->audience, "from-the-file"));
	CU_ASSERT_STRING_EQUAL(settings->secrets.secrets[0].bytes, SECRET_32);
	gp_settings_free(settings);
}

static void
reads_the_file_that_gatepost_env_names(void)
{
	static const char text[] = "BETTER_AUTH_SECRET=" SECRET_32 "\nDATABASE_URL=" URL "\n";
	struct gp_test_file file;
	char line[5000];
	char *const environment[] = { line, NULL };
	struct gp_settings *settings;

	CU_ASSERT_FATAL(gp_test_file_make(&file, text, strlen(text)));
	snprintf(line, sizeof(line), "GATEPOST_ENV=%s", file.path);
	settings = load(environment, NO_FILE, GP_PROGRAM_API);
	CU_ASSERT_PTR_NOT_NULL(settings);
	gp_settings_free(settings);
	gp_test_file_remove(&file);
	/* Named, and not there: that is a mistake, unlike a default file that is missing. */
	settings = load(environment, NO_FILE, GP_PROGRAM_TOKEN);
	CU_ASSERT_PTR_NULL(settings);
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, file.path));
	strcpy(line, "GATEPOST_ENV=");
	CU_ASSERT_PTR_NULL(load(environment, NO_FILE, GP_PROGRAM_API));
	CU_ASSERT_PTR_EQUAL(strstr(problem, "BETTER_AUTH_SECRET:"), problem);
}

static void
empty_counts_as_unset(void)
{
	struct gp_settings *settings = load_with("JWT_ISSUER=");

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_PTR_NULL(settings->issuer);
	gp_settings_free(settings);
	settings = load_with("DATABASE_TIMEOUT_SECONDS=");
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_EQUAL(settings->database_timeout_s, 5);
	gp_settings_free(settings);
	settings = load_file("JWT_AUDIENCE=\nLOG_LEVEL=''\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_PTR_NULL(settings->audience);
	CU_ASSERT_EQUAL(settings->log_level, GP_LOG_INFO);
	gp_settings_free(settings);
	CU_ASSERT_PTR_NULL(load_with("BETTER_AUTH_SECRET="));
	CU_ASSERT_PTR_EQUAL(strstr(problem, "BETTER_AUTH_SECRET: not set"), problem);
}

static void
counts_the_secrets_characters(void)
{
	static const struct {
		const char *line;
		bool accepted;
	} rows[] = {
		{ "BETTER_AUTH_SECRET=1234567890123456789012345678901", false },
		{ "BETTER_AUTH_SECRET=12345678901234567890123456789012", true },
		/* 31 characters in 62 bytes, 32 in 64, 31 in 93, 32 in 33 */
		{ "BETTER_AUTH_SECRET=\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		  "\xc3\xa4\xc3\xa4\xc3\xa4",
		    false },
		{ "BETTER_AUTH_SECRET=\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4",
		    true },
		{ "BETTER_AUTH_SECRET=123456789012345678901234567890\xe2\x82\xac", false },
		{ "BETTER_AUTH_SECRET=1234567890123456789012345678901\xe2\x82\xac", true },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_settings *settings = load_with(rows[i].line);

		CU_ASSERT_EQUAL(settings != NULL, rows[i].accepted);
		if (settings != NULL)
			CU_ASSERT_EQUAL(settings->secrets.secrets[0].length,
			    strlen(strchr(rows[i].line, '=') + 1));
		gp_settings_free(settings);
	}
}

static void
limits_the_secrets_length(void)
{
	char line[2000] = "BETTER_AUTH_SECRET=";
	size_t prefix = strlen(line);
	struct gp_settings *settings;

	memset(line + prefix, 's', 1025);
	CU_ASSERT_PTR_NULL(load_with(line));
	line[prefix + 1024] = '\0';
	settings = load_with(line);
	CU_ASSERT_PTR_NOT_NULL(settings);
	gp_settings_free(settings);
}

static void
falls_back_to_the_other_names_in_order(void)
{
	static const struct {
		char *environment[4];
		const char *secret; /* NULL: refused */
		const char *named;  /* by the problem */
	} rows[] = {
		{ { "JWT_SECRET_KEY=jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj" },
		    "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj", NULL },
		{ { "JWT_SECRET_KEY=jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
		      "AUTH_SECRET=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
		{ { "JWT_SECRET_KEY=jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
		      "AUTH_SECRET=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		      "BETTER_AUTH_SECRET=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" },
		    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", NULL },
		{ { "AUTH_SECRET=", "JWT_SECRET_KEY=jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj" },
		    "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj", NULL },
		/* A secret that is too short is a mistake, and no reason to take another. */
		{ { "AUTH_SECRET=short", "JWT_SECRET_KEY=jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj" }, NULL,
		    "AUTH_SECRET:" },
		{ { "JWT_SECRET_KEY=short" }, NULL, "JWT_SECRET_KEY:" },
		{ { NULL }, NULL, "BETTER_AUTH_SECRET:" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_settings *settings = load(rows[i].environment, NO_FILE, GP_PROGRAM_TOKEN);

		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(settings != NULL, rows[i].secret != NULL);
		if (settings != NULL)
			CU_ASSERT(gp_test_same(settings->secrets.secrets[0].bytes, rows[i].secret));
		if (rows[i].named != NULL)
			CU_ASSERT_PTR_EQUAL(strstr(problem, rows[i].named), problem);
		gp_settings_free(settings);
	}
}

static void
asks_each_program_for_what_it_needs(void)
{
	static const struct {
		enum gp_program_bit program;
		char *environment[3];
		const char *named; /* NULL: accepted */
	} rows[] = {
		{ GP_PROGRAM_API, { NULL }, "BETTER_AUTH_SECRET:" },
		{ GP_PROGRAM_API, { "BETTER_AUTH_SECRET=" SECRET_32 }, "DATABASE_URL:" },
		{ GP_PROGRAM_API, { "DATABASE_URL=" URL }, "BETTER_AUTH_SECRET:" },
		{ GP_PROGRAM_API, { "DATABASE_URL=" URL, "BETTER_AUTH_SECRET=" SECRET_32 }, NULL },
		{ GP_PROGRAM_TOKEN, { "BETTER_AUTH_SECRET=" SECRET_32 }, NULL },
		{ GP_PROGRAM_TOKEN, { "DATABASE_URL=" URL }, "BETTER_AUTH_SECRET:" },
		{ GP_PROGRAM_TOKEN, { "BETTER_AUTH_SECRETS=1:" SECRET_32 }, NULL },
		{ GP_PROGRAM_TOKEN, { "BETTER_AUTH_SECRETS=" }, "BETTER_AUTH_SECRET:" },
		{ GP_PROGRAM_API, { "DATABASE_URL=" URL, "BETTER_AUTH_SECRETS=1:" SECRET_32 },
		    NULL },
		{ GP_PROGRAM_MIGRATE, { NULL }, "OWNER_DATABASE_URL:" },
		{ GP_PROGRAM_MIGRATE, { "DATABASE_URL=" URL }, NULL },
		{ GP_PROGRAM_MIGRATE, { "OWNER_DATABASE_URL=" URL }, NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_settings *settings = load(rows[i].environment, NO_FILE, rows[i].program);

		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(settings != NULL, rows[i].named == NULL);
		if (rows[i].named != NULL)
			CU_ASSERT_PTR_EQUAL(strstr(problem, rows[i].named), problem);
		gp_settings_free(settings);
	}
}

/* Addresses of SQLAlchemy and asyncpg as libpq reads them. */
static void
translates_database_urls(void)
{
	static const struct {
		const char *theirs, *ours;
	} rows[] = {
		{ "postgresql://u:p@h:5432/d", "postgresql://u:p@h:5432/d" },
		{ "postgres://u:p@h/d", "postgres://u:p@h/d" },
		{ "postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d" },
		{ "postgres+asyncpg://u:p@h/d", "postgres://u:p@h/d" },
		{ "postgresql+psycopg2://u:p@h/d", "postgresql://u:p@h/d" },
		{ "postgresql+asyncpg://u:p+q@h/d+e", "postgresql://u:p+q@h/d+e" },
		{ "postgresql://u:p+q@h/d", "postgresql://u:p+q@h/d" },
		{ "postgresql://u:p@h/d?ssl=true", "postgresql://u:p@h/d?sslmode=require" },
		{ "postgresql://u:p@h/d?ssl=false", "postgresql://u:p@h/d?sslmode=disable" },
		{ "postgresql://u:p@h/d?ssl=require", "postgresql://u:p@h/d?sslmode=require" },
		{ "postgresql://u:p@h/d?ssl=verify-full",
		    "postgresql://u:p@h/d?sslmode=verify-full" },
		{ "postgresql+asyncpg://u:p@h/d?ssl=require",
		    "postgresql://u:p@h/d?sslmode=require" },
		{ "postgresql+asyncpg://u:p@h/d?ssl=true&application_name=a",
		    "postgresql://u:p@h/d?sslmode=require&application_name=a" },
		{ "postgresql+asyncpg://u:p@h/d?application_name=a&ssl=false",
		    "postgresql://u:p@h/d?application_name=a&sslmode=disable" },
		{ "postgresql://u:p@h/d?a=1&ssl=prefer&b=2",
		    "postgresql://u:p@h/d?a=1&sslmode=prefer&b=2" },
		{ "postgresql://u:p@h/d?a=1&ssl=true&b=2",
		    "postgresql://u:p@h/d?a=1&sslmode=require&b=2" },
		{ "postgresql://u:p@h/d?sslmode=require", "postgresql://u:p@h/d?sslmode=require" },
		{ "postgresql://u:p@h/d?xssl=true", "postgresql://u:p@h/d?xssl=true" },
		{ "postgresql://u:p@h/d?a=ssl=true", "postgresql://u:p@h/d?a=ssl=true" },
		{ "postgresql://ssl=true:p@h/d", "postgresql://ssl=true:p@h/d" },
		{ "host=h dbname=d password=p+q", "host=h dbname=d password=p+q" },
		{ "postgresql:///d?host=/run/postgresql", "postgresql:///d?host=/run/postgresql" },
		{ "d", "d" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char line[256];
		struct gp_settings *settings;

		snprintf(line, sizeof(line), "DATABASE_URL=%s", rows[i].theirs);
		settings = load_with(line);
		CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
		CU_ASSERT_STRING_EQUAL(settings->database_url, rows[i].ours);
		gp_settings_free(settings);
	}
}

/* A value that only begins like true or false is passed on as it is, for libpq to refuse. */
static void
translates_whole_values_only(void)
{
	struct gp_settings *settings = load_with("DATABASE_URL=postgresql://h/d?ssl=truely&a=1");

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_STRING_EQUAL(settings->database_url, "postgresql://h/d?sslmode=truely&a=1");
	gp_settings_free(settings);
}

static void
takes_the_owners_url_before_the_workers(void)
{
	char *const environment[] = { "DATABASE_URL=postgresql://api@h/d",
		"OWNER_DATABASE_URL=postgresql+asyncpg://owner@h/d", NULL };
	struct gp_settings *settings = load(environment, NO_FILE, GP_PROGRAM_MIGRATE);

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_STRING_EQUAL(settings->owner_database_url, "postgresql://owner@h/d");
	CU_ASSERT_STRING_EQUAL(settings->database_url, "postgresql://api@h/d");
	gp_settings_free(settings);
	settings = load(environment + 2, NO_FILE, GP_PROGRAM_MIGRATE);
	CU_ASSERT_PTR_NULL(settings);
	settings = load_with("X=y");
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_STRING_EQUAL(settings->owner_database_url, URL);
	gp_settings_free(settings);
}

static void
takes_slashes_off_the_mount_path(void)
{
	static const struct {
		const char *line, *path;
	} rows[] = { { "MOUNT_PATH=/", "" }, { "MOUNT_PATH=///", "" }, { "MOUNT_PATH=/x", "/x" },
		{ "MOUNT_PATH=/x/", "/x" }, { "MOUNT_PATH=/x/y.fcgi//", "/x/y.fcgi" } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_settings *settings = load_with(rows[i].line);

		CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
		CU_ASSERT_STRING_EQUAL(settings->mount_path, rows[i].path);
		gp_settings_free(settings);
	}
}

static void
reads_whom_mail_comes_from(void)
{
	struct gp_settings *settings = load_with("MAIL_FROM=Tasks <no-reply@example.com>");

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings->mail_from.address);
	CU_ASSERT_EQUAL(settings->mail_from.address_length, 20);
	CU_ASSERT_EQUAL(strncmp(settings->mail_from.address, "no-reply@example.com>", 21), 0);
	CU_ASSERT_EQUAL(settings->mail_from.name_length, 5);
	CU_ASSERT_EQUAL(strncmp(settings->mail_from.name, "Tasks <", 7), 0);
	gp_settings_free(settings);
	settings = load_with("MAIL_FROM=");
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_PTR_NULL(settings->mail_from.address);
	gp_settings_free(settings);
}

static void
refuses_lengths_that_no_password_has(void)
{
	char *const environment[] = { "OWNER_DATABASE_URL=postgresql://h/d",
		"PASSWORD_MIN_LENGTH=20", "PASSWORD_MAX_LENGTH=10", NULL };

	CU_ASSERT_PTR_NULL(load(environment, NO_FILE, GP_PROGRAM_MIGRATE));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "PASSWORD_MIN_LENGTH"));
}

/* The secrets of a list in their order: of each its version and its first letter. */
static const char *
secrets_of(const struct gp_secret_list *list)
{
	static char text[8 * GP_SECRETS_MAX];

	text[0] = '\0';
	for (size_t i = 0; i < list->count; i++) {
		const struct gp_secret *secret = &list->secrets[i];
		size_t length = strlen(text);

		CU_ASSERT_EQUAL(secret->length, strlen(secret->bytes));
		snprintf(text + length, sizeof(text) - length, "%s%d%c", i > 0 ? " " : "",
		    (int)secret->version, secret->bytes[0]);
	}
	return text;
}

/* The first signs and seals. Older ones verify only when that is wanted, but open at any time. */
static void
lists_the_secrets_that_verify_and_those_that_open(void)
{
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccc"
	static const struct {
		char *environment[4];
		const char *secrets, *sealing_secrets;
	} rows[] = {
		{ { "BETTER_AUTH_SECRET=" A }, "-1a", "-1a" },
		/* Older ones are for the time of a rotation. */
		{ { "BETTER_AUTH_SECRETS=2:" B ",1:" A }, "2b", "2b 1a" },
		{ { "BETTER_AUTH_SECRETS=2:" B ",1:" A, "JWT_ACCEPT_PREVIOUS_SECRETS=off" }, "2b",
		    "2b 1a" },
		{ { "BETTER_AUTH_SECRETS=2:" B ",1:" A, "JWT_ACCEPT_PREVIOUS_SECRETS=on" }, "2b 1a",
		    "2b 1a" },
		/* The list goes before the single one, which then is an older one. */
		{ { "BETTER_AUTH_SECRETS=2:" B, "BETTER_AUTH_SECRET=" A }, "2b", "2b -1a" },
		{ { "BETTER_AUTH_SECRETS=0:" B ",1:" C, "BETTER_AUTH_SECRET=" A,
		      "JWT_ACCEPT_PREVIOUS_SECRETS=on" },
		    "0b 1c -1a", "0b 1c -1a" },
		{ { "BETTER_AUTH_SECRETS=2:" B, "JWT_SECRET_KEY=" A,
		      "JWT_ACCEPT_PREVIOUS_SECRETS=on" },
		    "2b -1a", "2b -1a" },
		{ { "BETTER_AUTH_SECRET=" A, "JWT_ACCEPT_PREVIOUS_SECRETS=on" }, "-1a", "-1a" },
		{ { "BETTER_AUTH_SECRETS=", "BETTER_AUTH_SECRET=" A }, "-1a", "-1a" },
		/* There is room for the single one beside as many as a list may have. */
		{ { "BETTER_AUTH_SECRETS=1:" A ",2:" A ",3:" A ",4:" A ",5:" A ",6:" A ",7:" A
		    ",8:" A,
		      "BETTER_AUTH_SECRET=" B, "JWT_ACCEPT_PREVIOUS_SECRETS=on" },
		    "1a 2a 3a 4a 5a 6a 7a 8a -1b", "1a 2a 3a 4a 5a 6a 7a 8a -1b" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char *environment[GP_COUNT(rows[i].environment) + 1] = { NULL };
		struct gp_settings *settings;

		gp_test_row("row %zu", i);
		memcpy(environment, rows[i].environment, sizeof(rows[i].environment));
		settings = load(environment, NO_FILE, GP_PROGRAM_TOKEN);
		CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
		CU_ASSERT_STRING_EQUAL(secrets_of(&settings->secrets), rows[i].secrets);
		CU_ASSERT_STRING_EQUAL(
		    secrets_of(&settings->sealing_secrets), rows[i].sealing_secrets);
		gp_settings_free(settings);
	}
#undef A
#undef B
#undef C
}

/* The origins in force, with spaces between them. */
static const char *
origins_of(const struct gp_settings *settings)
{
	static char text[256];

	text[0] = '\0';
	for (size_t i = 0; i < settings->origins.count; i++) {
		size_t length = strlen(text);

		snprintf(text + length, sizeof(text) - length, "%s%s", i > 0 ? " " : "",
		    settings->origins.origins[i]);
	}
	return text;
}

static void
lists_the_origins_of_both_settings(void)
{
	static const struct {
		char *environment[2];
		const char *origins;
	} rows[] = {
		{ { NULL }, "http://localhost:3000" },
		{ { "CORS_ORIGINS=" }, "http://localhost:3000" },
		{ { "CORS_ORIGINS=[]" }, "" },
		{ { "CORS_ORIGINS=https://a.example" }, "https://a.example" },
		{ { "CORS_ORIGINS=HTTPS://A.example:443/ , http://b.example:80" },
		    "https://a.example http://b.example" },
		{ { "CORS_ORIGINS=[\"https://a.example\", \"http://b.example:81\"]" },
		    "https://a.example http://b.example:81" },
		{ { "FRONTEND_URL=https://app.example.com/login" },
		    "http://localhost:3000 https://app.example.com" },
		{ { "FRONTEND_URL=http://localhost:3000/" }, "http://localhost:3000" },
		{ { "CORS_ORIGINS=[]", "FRONTEND_URL=https://app.example.com" },
		    "https://app.example.com" },
		{ { "FRONTEND_URL=https://app.example.com", "CORS_ORIGINS=https://a.example" },
		    "https://a.example https://app.example.com" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char *environment[GP_COUNT(rows[i].environment) + 2] = { "DATABASE_URL=" URL };
		struct gp_settings *settings;

		gp_test_row("row %zu", i);
		memcpy(environment + 1, rows[i].environment, sizeof(rows[i].environment));
		settings = load(environment, NO_FILE, GP_PROGRAM_MIGRATE);
		CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
		CU_ASSERT_STRING_EQUAL(origins_of(settings), rows[i].origins);
		gp_settings_free(settings);
	}
}

/* The one that there is no room for is named, not the one that filled the list. */
static void
names_the_setting_whose_origin_is_too_many(void)
{
	char line[GP_ORIGINS_MAX * 24] = "CORS_ORIGINS=";
	char url[] = "FRONTEND_URL=http://h0.example/";
	char *const environment[] = { "DATABASE_URL=" URL, line, url, NULL };
	struct gp_settings *settings;

	for (size_t i = 0; i < GP_ORIGINS_MAX; i++) {
		size_t length = strlen(line);

		snprintf(line + length, sizeof(line) - length, "%shttp://h%zu.example",
		    i > 0 ? "," : "", i);
	}
	settings = load(environment, NO_FILE, GP_PROGRAM_MIGRATE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_EQUAL(settings->origins.count, GP_ORIGINS_MAX);
	gp_settings_free(settings);
	url[strlen("FRONTEND_URL=http://h")] = 'x';
	CU_ASSERT_PTR_NULL(load(environment, NO_FILE, GP_PROGRAM_MIGRATE));
	CU_ASSERT_PTR_EQUAL(strstr(problem, "FRONTEND_URL:"), problem);
}

static void
reads_rates(void)
{
	static const struct {
		const char *line;
		int64_t count, period_ms;
	} rows[] = {
		{ "RATE_LIMIT=", 0, 0 },
		{ "RATE_LIMIT=off", 0, 0 },
		{ "RATE_LIMIT=100/10s", 100, 10000 },
		{ "RATE_LIMIT=1000/m", 1000, 60000 },
		{ "RATE_LIMIT=1/d", 1, 86400000 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_settings *settings = load_with(rows[i].line);

		CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
		CU_ASSERT_EQUAL(settings->rate.count, rows[i].count);
		CU_ASSERT_EQUAL(settings->rate.period_ms, rows[i].period_ms);
		gp_settings_free(settings);
	}
}

static void
reads_lists_of_addresses(void)
{
	struct gp_settings *settings = load_with("METRICS_ALLOW=192.0.2.0/24 2001:db8::/32");
	struct gp_address address;

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT(allows_metrics(settings, "192.0.2.255"));
	CU_ASSERT(allows_metrics(settings, "2001:db8:ffff::1"));
	CU_ASSERT_FALSE(allows_metrics(settings, "127.0.0.1"));
	CU_ASSERT_FALSE(allows_metrics(settings, "::1"));
	CU_ASSERT_EQUAL(settings->trusted_proxies.count, 0);
	gp_settings_free(settings);
	settings = load_with("METRICS_ALLOW=none");
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_EQUAL(settings->metrics_allow.count, 0);
	gp_settings_free(settings);
	settings = load_with("TRUSTED_PROXIES=10.0.0.1");
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_FATAL(gp_address_read("10.0.0.1", 8, &address));
	CU_ASSERT(gp_address_list_has(&settings->trusted_proxies, &address));
	CU_ASSERT_EQUAL(settings->metrics_allow.count, 2);
	gp_settings_free(settings);
}

static void
translates_the_other_database_urls_too(void)
{
	struct gp_settings *settings =
	    load_with("AUTH_DATABASE_URL=postgresql+asyncpg://u@h/auth?ssl=true");

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_STRING_EQUAL(
	    settings->auth_database_url, "postgresql://u@h/auth?sslmode=require");
	CU_ASSERT_STRING_EQUAL(settings->database_url, URL);
	gp_settings_free(settings);
}

static void
problems_tell_no_secret(void)
{
	static const char *const lines[] = { "BETTER_AUTH_SECRET=hunter2", "AUTH_SECRET=hunter2",
		"BETTER_AUTH_SECRETS=hunter2", "BETTER_AUTH_SECRETS=1:hunter2",
		"BETTER_AUTH_SECRETS=hunter2:" SECRET_32, "JWKS_URL=ftp://u:hunter2@h/",
		"BETTER_AUTH_SECRETS=1:" SECRET_32 "hunter2,1:" SECRET_32 "hunter2",
		"JWKS_URL=https://u:hunter2@h/\x01",
		"AUTH_DATABASE_URL=postgresql://u:hunter2@h/\x01",
		"DATABASE_URL=postgresql://u:hunter2@h/d\x01", "DATABASE_URL=hunter2\n",
		"OWNER_DATABASE_URL=postgresql+asyncpg://u:hunter2@h/d?ssl=true\x7f" };

	for (size_t i = 0; i < GP_COUNT(lines); i++) {
		char *const environment[] = { (char *)(size_t)lines[i], "JWT_SECRET_KEY=" SECRET_32,
			"DATABASE_URL=" URL, NULL };

		gp_test_row("%s", lines[i]);
		CU_ASSERT_PTR_NULL(load(environment, NO_FILE, GP_PROGRAM_API));
		CU_ASSERT(problem[0] != '\0');
		CU_ASSERT_PTR_NULL(strstr(problem, "hunter2"));
	}
	CU_ASSERT_PTR_NULL(load_file("DATABASE_URL='postgresql://u:hunter2@h/d\nLOG_LEVEL=info\n"));
	CU_ASSERT_PTR_NULL(strstr(problem, "hunter2"));
}

/* What gp_settings_print() writes; the caller frees it. */
static char *
printed(const struct gp_settings *settings)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	if (settings != NULL)
		gp_settings_print(settings, out);
	else
		gp_settings_print_sample(out);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	return text;
}

static void
prints_what_is_in_force_without_secrets(void)
{
	char *const environment[] = { "BETTER_AUTH_SECRET=hunter2hunter2hunter2hunter2hunter2",
		"BETTER_AUTH_SECRETS=1:hunter2hunter2hunter2hunter2hunter2",
		"DATABASE_URL=postgresql+asyncpg://u:hunter2@h/d?ssl=true",
		"AUTH_DATABASE_URL=postgresql://u:hunter2@h/auth", "JWKS_FILE=keys.json",
		"JWKS_URL=https://u:hunter2@a.example/jwks?key=hunter2", "JWT_LIVENESS=user",
		"JWT_ISSUER=https://a.example", "FRONTEND_URL=https://app.example.com/login",
		"RATE_LIMIT=100/10s", "TRUSTED_PROXIES=10.0.0.1, 10.0.0.2", "METRICS_ALLOW=none",
		"STATE_DIRECTORY=/run/x/", "MAIL_FROM=Tasks <no-reply@example.com>",
		"SENDMAIL=/usr/bin/msmtp -t", "LOG_LEVEL=debug", NULL };
	struct gp_settings *settings = load(environment, NO_FILE, GP_PROGRAM_API);
	char *text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	text = printed(settings);
	CU_ASSERT_STRING_EQUAL(text, "# from the environment, then " NO_FILE "\n"
				     "BETTER_AUTH_SECRET=(hidden, 35 characters)\n"
				     "BETTER_AUTH_SECRETS=(hidden)\n"
				     "JWT_ACCEPT_PREVIOUS_SECRETS=off\n"
				     "DATABASE_URL=(hidden)\n"
				     "OWNER_DATABASE_URL=(hidden)\n"
				     "AUTH_DATABASE_URL=(hidden)\n"
				     "DATABASE_TIMEOUT_SECONDS=5\n"
				     "DATABASE_CONNECTION_MAX_AGE_SECONDS=3600\n"
				     "DB_PREPARE=on\n"
				     "JWKS_FILE=keys.json\n"
				     "JWKS_URL=(hidden)\n"
				     "JWKS_CACHE_DIRECTORY=" GATEPOST_CACHE_DEFAULT "\n"
				     "JWKS_FETCH_PROGRAM=" GATEPOST_FETCH_JWKS "\n"
				     "JWKS_MAX_STALE_SECONDS=86400\n"
				     "JWT_LIVENESS=user\n"
				     "JWT_MEMORY_TOKENS=1024\n"
				     "JWT_ISSUER=https://a.example\n"
				     "JWT_AUDIENCE=\n"
				     "JWT_LEEWAY_SECONDS=5\n"
				     "ACCESS_TOKEN_EXPIRE_MINUTES=30\n"
				     "OWNERSHIP_FAILURE=403\n"
				     "CORS_ORIGINS=http://localhost:3000\n"
				     "FRONTEND_URL=https://app.example.com/login\n"
				     "SIGN_IN_DATABASE_URL=(hidden)\n"
				     "BETTER_AUTH_URL=\n"
				     "BETTER_AUTH_TRUSTED_ORIGINS=\n"
				     "TOKEN_ALG=EdDSA\n"
				     "SESSION_EXPIRES_IN=604800\n"
				     "SESSION_UPDATE_AGE=86400\n"
				     "SESSION_FRESH_AGE=86400\n"
				     "SESSION_COOKIE_CACHE=off\n"
				     "SESSION_COOKIE_CACHE_MAX_AGE=300\n"
				     "SIGN_UP=on\n"
				     "DELETE_USER=off\n"
				     "REQUIRE_EMAIL_VERIFICATION=off\n"
				     "RESET_REVOKES_SESSIONS=off\n"
				     "PASSWORD_MIN_LENGTH=8\n"
				     "PASSWORD_MAX_LENGTH=128\n"
				     "SCRYPT_CONCURRENCY=2\n"
				     "AUTH_RATE_LIMIT=on\n"
				     "ACCESS_RULES=" GATEPOST_RULES_DEFAULT "\n"
				     "LOGIN_URL=\n"
				     "NOTIFY_DATABASE_URL=(hidden)\n"
				     "NOTIFY_LISTEN=127.0.0.1:9002\n"
				     "NOTIFY_MAX_CONNECTIONS=10000\n"
				     "NOTIFY_MAX_CONNECTIONS_PER_USER=16\n"
				     "NOTIFY_PING_SECONDS=25\n"
				     "NOTIFY_TIMEOUT_SECONDS=60\n"
				     "RATE_LIMIT=100/10s\n"
				     "TRUSTED_PROXIES=10.0.0.1, 10.0.0.2\n"
				     "REQUIRE_HTTPS=off\n"
				     "METRICS_ALLOW=none\n"
				     "STATE_DIRECTORY=/run/x\n"
				     "MAIL_FROM=Tasks <no-reply@example.com>\n"
				     "SENDMAIL=/usr/bin/msmtp -t\n"
				     "MAIL_DIRECTORY=" GATEPOST_MAIL_DEFAULT "\n"
				     "MOUNT_PATH=\n"
				     "MAX_REQUESTS=0\n"
				     "LOG_FORMAT=text\n"
				     "LOG_LEVEL=debug\n"
				     "LOG_LINES_PER_SECOND=100\n"
				     "LOG_TARGET=stderr\n");
	free(text);
	gp_settings_free(settings);
}

static void
prints_a_sample_of_every_setting(void)
{
	char *text = printed(NULL);

	for (size_t i = 0; i < GP_COUNT(names); i++) {
		char line[100];

		gp_test_row("%s", names[i]);
		snprintf(line, sizeof(line), "\n#%s=", names[i]);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, line));
	}
	free(text);
}

/* Reading a list cuts it into pieces; what is printed is what was set. */
static void
prints_lists_as_they_were_set(void)
{
	static const char *const lines[] = {
		"CORS_ORIGINS=HTTPS://A.example:443/ , http://b.example",
		"CORS_ORIGINS=[\"https://a.example\",\"https://b.example\"]", "CORS_ORIGINS=[]",
		"FRONTEND_URL=HTTP://App.example.com:80/a?b#c", "RATE_LIMIT=1000/min",
		"TRUSTED_PROXIES=10.0.0.0/8,::1", "METRICS_ALLOW=127.0.0.1 ::1"
	};

	for (size_t i = 0; i < GP_COUNT(lines); i++) {
		struct gp_settings *settings = load_with(lines[i]);
		char wanted[128];
		char *text;

		CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
		text = printed(settings);
		snprintf(wanted, sizeof(wanted), "\n%s\n", lines[i]);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, wanted));
		free(text);
		gp_settings_free(settings);
	}
}

/* A worker cannot move to another directory, owner or address while it runs. */
static void
says_which_settings_are_read_again(void)
{
	static const char again[] = "# Read again on SIGHUP.\n";
	static const char at_the_start[] = "# Read at the start.\n";
	char *text = printed(NULL);

	for (size_t i = 0; i < GP_COUNT(names); i++) {
		bool fixed = strcmp(names[i], "STATE_DIRECTORY") == 0 ||
			     strcmp(names[i], "OWNER_DATABASE_URL") == 0 ||
			     strcmp(names[i], "NOTIFY_LISTEN") == 0 ||
			     strcmp(names[i], "NOTIFY_MAX_CONNECTIONS") == 0;
		char wanted[100];

		gp_test_row("%s", names[i]);
		snprintf(
		    wanted, sizeof(wanted), "\n%s#%s=", fixed ? at_the_start : again, names[i]);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, wanted));
	}
	free(text);
}

/* Where --prefix or --localstatedir moved the cache directory, so has the program's sample. */
static void
the_sample_file_is_what_the_program_prints(void)
{
	static const char moved[] = "\n#JWKS_CACHE_DIRECTORY=";
	size_t length;
	char *file = gp_test_data("../../gatepost.env.sample", &length);
	char *text = printed(NULL);
	char *in_file, *in_text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	in_file = strstr(file, moved);
	in_text = strstr(text, moved);
	CU_ASSERT_FATAL(in_file != NULL && in_text != NULL);
	in_file += sizeof(moved) - 1;
	in_text += sizeof(moved) - 1;
	CU_ASSERT_STRING_EQUAL(strchr(in_file, '\n'), strchr(in_text, '\n'));
	*in_file = *in_text = '\0';
	CU_ASSERT_STRING_EQUAL(file, text);
	free(file);
	free(text);
}

/* With every comment sign before a name taken away, the sample is a file of the defaults. */
static void
the_sample_works_when_uncommented(void)
{
	char *text = printed(NULL);
	struct gp_settings *settings;

	for (char *sign = strstr(text, "\n#"); sign != NULL; sign = strstr(sign + 1, "\n#")) {
		if (sign[2] != ' ')
			sign[1] = ' ';
	}
	settings = load_file(text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(settings);
	CU_ASSERT_EQUAL(settings->database_timeout_s, 5);
	CU_ASSERT_EQUAL(settings->ownership_failure, 403);
	CU_ASSERT_STRING_EQUAL(origins_of(settings), "http://localhost:3000");
	CU_ASSERT_EQUAL(settings->rate.count, 0);
	CU_ASSERT_EQUAL(settings->trusted_proxies.count, 0);
	CU_ASSERT_EQUAL(settings->metrics_allow.count, 2);
	gp_settings_free(settings);
	free(text);
}

static void
lets_the_log_follow(void)
{
	struct gp_settings settings = {
		.log_format = GP_LOG_JSON, .log_level = GP_LOG_ERROR, .log_target = GP_LOG_SYSLOG
	};
	struct gp_log log = { .program = "unit", .sink_context = &settings };

	gp_settings_apply_log(&settings, &log);
	CU_ASSERT_EQUAL(log.format, GP_LOG_JSON);
	CU_ASSERT_EQUAL(log.level, GP_LOG_ERROR);
	CU_ASSERT_EQUAL(log.target, GP_LOG_SYSLOG);
	CU_ASSERT_STRING_EQUAL(log.program, "unit");
	CU_ASSERT_PTR_EQUAL(log.sink_context, &settings);
}

const struct gp_test gp_tests_settings[] = {
	GP_TEST(has_the_defaults_that_it_states),
	GP_TEST(accepts_good_values),
	GP_TEST(refuses_bad_values_and_names_the_setting),
	GP_TEST(judges_values_of_the_file_alike),
	GP_TEST(lets_the_environment_go_before_the_file),
	GP_TEST(reads_the_file_that_gatepost_env_names),
	GP_TEST(empty_counts_as_unset),
	GP_TEST(counts_the_secrets_characters),
	GP_TEST(limits_the_secrets_length),
	GP_TEST(falls_back_to_the_other_names_in_order),
	GP_TEST(asks_each_program_for_what_it_needs),
	GP_TEST(translates_database_urls),
	GP_TEST(translates_whole_values_only),
	GP_TEST(takes_the_owners_url_before_the_workers),
	GP_TEST(takes_slashes_off_the_mount_path),
	GP_TEST(lists_the_secrets_that_verify_and_those_that_open),
	GP_TEST(reads_whom_mail_comes_from),
	GP_TEST(refuses_lengths_that_no_password_has),
	GP_TEST(lists_the_origins_of_both_settings),
	GP_TEST(names_the_setting_whose_origin_is_too_many),
	GP_TEST(reads_rates),
	GP_TEST(reads_lists_of_addresses),
	GP_TEST(translates_the_other_database_urls_too),
	GP_TEST(problems_tell_no_secret),
	GP_TEST(prints_what_is_in_force_without_secrets),
	GP_TEST(prints_lists_as_they_were_set),
	GP_TEST(prints_a_sample_of_every_setting),
	GP_TEST(says_which_settings_are_read_again),
	GP_TEST(the_sample_file_is_what_the_program_prints),
	GP_TEST(the_sample_works_when_uncommented),
	GP_TEST(lets_the_log_follow),
	{ NULL, NULL },
};
