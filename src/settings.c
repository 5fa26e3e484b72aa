/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of settings and the one way a value is read from it. A new setting is a member of
 * struct gp_settings, a row here, a line in the sample file and an entry in the manual.
 */
#include "settings.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "database_url.h"
#include "environment_file.h"
#include "utf8.h"

enum kind {
	TEXT,
	PATH,
	SECRET,
	SECRETS,
	DATABASE_URL,
	WEB_URL,
	INTEGER,
	CHOICE,
	RATE,
	ADDRESSES,
	COMMAND,
	SENDER,
};

struct choice {
	const char *word; /* NULL ends the list */
	int64_t value;
};

struct row {
	const char *names[4]; /* the first is its name, the others stand in when it is not set */
	enum kind kind;
	size_t offset; /* of its member in struct gp_settings */
	const char *unit;
	const char *fallback; /* default, NULL for none */
	int64_t least, most;  /* bounds of an INTEGER, characters of a SECRET */
	const char *unless;   /* another setting that stands in where this one is required */
	const struct choice *choices;
	bool reloadable;
	unsigned required_by; /* enum gp_program_bit */
	const char *help;
};

static const struct choice ownership_choices[] = { { "403", 403 }, { "404", 404 }, { NULL, 0 } };
static const struct choice switch_choices[] = { { "off", 0 }, { "on", 1 }, { NULL, 0 } };
static const struct choice liveness_choices[] = { { "off", 0 }, { "user", 1 }, { NULL, 0 } };
static const struct choice token_choices[] = {
	{ "EdDSA", GP_TOKENS_EDDSA },
	{ "HS256", GP_TOKENS_HS256 },
	{ NULL, 0 },
};
static const struct choice cache_choices[] = {
	{ "off", GP_CACHE_OFF },
	{ "on", GP_CACHE_COMPACT },
	{ "compact", GP_CACHE_COMPACT },
	{ "jwt", GP_CACHE_JWT },
	{ NULL, 0 },
};
static const struct choice format_choices[] = {
	{ "text", GP_LOG_TEXT },
	{ "json", GP_LOG_JSON },
	{ NULL, 0 },
};
static const struct choice level_choices[] = {
	{ "error", GP_LOG_ERROR },
	{ "warning", GP_LOG_WARNING },
	{ "info", GP_LOG_INFO },
	{ "debug", GP_LOG_DEBUG },
	{ NULL, 0 },
};
static const struct choice target_choices[] = {
	{ "stderr", GP_LOG_STDERR },
	{ "syslog", GP_LOG_SYSLOG },
	{ NULL, 0 },
};

#define MEMBER(name) offsetof(struct gp_settings, name)

/* With a table this long clang-format gives up the style of the rest. */
/* clang-format off */
static const struct row rows[] = {
	{ .names = { "BETTER_AUTH_SECRET", "AUTH_SECRET", "JWT_SECRET_KEY" },
	    .kind = SECRET,
	    .offset = MEMBER(secret_text),
	    .unit = "characters",
	    .least = GP_SECRET_CHARACTERS_MIN,
	    .most = GP_SECRET_CHARACTERS_MAX,
	    .unless = "BETTER_AUTH_SECRETS",
	    .reloadable = true,
	    .required_by = GP_PROGRAM_API | GP_PROGRAM_TOKEN | GP_PROGRAM_AUTH | GP_PROGRAM_AUTHORIZER | GP_PROGRAM_NOTIFY,
	    .help =
		"The secret shared with Better Auth: verifies HS256 tokens. Falls back to AUTH_SECRET, "
		"then JWT_SECRET_KEY." },
	{ .names = { "BETTER_AUTH_SECRETS" },
	    .kind = SECRETS,
	    .offset = MEMBER(secrets_text),
	    .reloadable = true,
	    .help =
		"Secrets during a rotation, as Better Auth has them: version:secret[,version:secret...]. The first is the current one and goes before BETTER_AUTH_SECRET." },
	{ .names = { "JWT_ACCEPT_PREVIOUS_SECRETS" },
	    .kind = CHOICE,
	    .offset = MEMBER(previous_secrets),
	    .fallback = "off",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help =
		"Whether tokens signed with the older of BETTER_AUTH_SECRETS, or with BETTER_AUTH_SECRET beside them, are accepted. Only for the time of a rotation: a secret that leaked forges for as long as it is accepted." },
	{ .names = { "DATABASE_URL" },
	    .kind = DATABASE_URL,
	    .offset = MEMBER(database_url),
	    .reloadable = true,
	    .required_by = GP_PROGRAM_API | GP_PROGRAM_AUTHORIZER,
	    .help =
		"Where the tasks are: postgresql://gatepost_api:PASSWORD@HOST/DATABASE. A driver name "
		"(postgresql+asyncpg://) and ?ssl= are understood." },
	{ .names = { "OWNER_DATABASE_URL", "DATABASE_URL" },
	    .kind = DATABASE_URL,
	    .offset = MEMBER(owner_database_url),
	    .required_by = GP_PROGRAM_MIGRATE,
	    .help = "As whom gatepost-migrate connects: the owner of the database. Falls back to "
		    "DATABASE_URL. The workers never use it." },
	{ .names = { "AUTH_DATABASE_URL" },
	    .kind = DATABASE_URL,
	    .offset = MEMBER(auth_database_url),
	    .reloadable = true,
	    .help =
		"Where Better Auth's tables are, when they are not beside the tasks; gatepost-migrate has to be run there too." },
	{ .names = { "DATABASE_TIMEOUT_SECONDS" },
	    .kind = INTEGER,
	    .offset = MEMBER(database_timeout_s),
	    .unit = "seconds",
	    .fallback = "5",
	    .least = 1,
	    .most = 300,
	    .reloadable = true,
	    .help =
		"Longest wait for the database, to connect and to answer; then the client gets 503." },
	{ .names = { "DATABASE_CONNECTION_MAX_AGE_SECONDS" },
	    .kind = INTEGER,
	    .offset = MEMBER(database_max_age_s),
	    .unit = "seconds",
	    .fallback = "3600",
	    .least = 0,
	    .most = 2592000,
	    .reloadable = true,
	    .help =
		"Age at which a worker makes its connection to the database anew, after an answer and before the next request; 0 for never." },
	{ .names = { "DB_PREPARE" },
	    .kind = CHOICE,
	    .offset = MEMBER(database_prepares),
	    .fallback = "on",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help =
		"Whether statements are prepared once for each connection to the database. off for a pooler that gives every transaction another connection, as PgBouncer in transaction mode does." },
	{ .names = { "JWKS_FILE" },
	    .kind = TEXT,
	    .offset = MEMBER(jwks_file),
	    .reloadable = true,
	    .help =
		"A JWK or JWK set with public keys that are accepted besides those in Better Auth's jwks table. Read again when it changes." },
	{ .names = { "JWKS_URL" },
	    .kind = WEB_URL,
	    .offset = MEMBER(jwks_url),
	    .reloadable = true,
	    .help =
		"Address of a JWK set with public keys that are accepted, such as https://app.example.com/api/auth/jwks. Plain http only to this machine." },
	{ .names = { "JWKS_CACHE_DIRECTORY" },
	    .kind = PATH,
	    .offset = MEMBER(jwks_cache_directory),
	    .fallback = GATEPOST_CACHE_DEFAULT,
	    .reloadable = true,
	    .help =
		"Private directory of the workers' user in which what JWKS_URL said is kept for all workers." },
	{ .names = { "JWKS_FETCH_PROGRAM" },
	    .kind = PATH,
	    .offset = MEMBER(jwks_fetch_program),
	    .fallback = GATEPOST_FETCH_JWKS,
	    .reloadable = true,
	    .help =
		"The helper that fetches JWKS_URL; to be set only where it is not where it was built for." },
	{ .names = { "JWKS_MAX_STALE_SECONDS" },
	    .kind = INTEGER,
	    .offset = MEMBER(jwks_max_stale_s),
	    .unit = "seconds",
	    .fallback = "86400",
	    .least = 60,
	    .most = 2592000,
	    .reloadable = true,
	    .help =
		"How long public keys stay in force when the place they come from cannot be read." },
	{ .names = { "JWT_LIVENESS" },
	    .kind = CHOICE,
	    .offset = MEMBER(live_users),
	    .fallback = "off",
	    .choices = liveness_choices,
	    .reloadable = true,
	    .help =
		"Whether a token is refused at once when its user is deleted or banned; else it lives to its exp." },
	{ .names = { "JWT_MEMORY_TOKENS" },
	    .kind = INTEGER,
	    .offset = MEMBER(memory_tokens),
	    .unit = "tokens",
	    .fallback = "1024",
	    .least = 0,
	    .most = 1000000,
	    .reloadable = true,
	    .help =
		"How many verified signatures of public keys a worker remembers, 48 bytes each; 0 for none." },
	{ .names = { "JWT_ISSUER" },
	    .kind = TEXT,
	    .offset = MEMBER(issuer),
	    .reloadable = true,
	    .help = "When set, a token's iss must be exactly this." },
	{ .names = { "JWT_AUDIENCE" },
	    .kind = TEXT,
	    .offset = MEMBER(audience),
	    .reloadable = true,
	    .help = "When set, a token's aud must name exactly this." },
	{ .names = { "JWT_LEEWAY_SECONDS" },
	    .kind = INTEGER,
	    .offset = MEMBER(leeway_s),
	    .unit = "seconds",
	    .fallback = "5",
	    .least = 0,
	    .most = 300,
	    .reloadable = true,
	    .help = "How far the clock of the machine that makes tokens may be off." },
	{ .names = { "ACCESS_TOKEN_EXPIRE_MINUTES" },
	    .kind = INTEGER,
	    .offset = MEMBER(access_token_minutes),
	    .unit = "minutes",
	    .fallback = "30",
	    .least = 1,
	    .most = 1440,
	    .reloadable = true,
	    .help =
		"Lifetime of the tokens that gatepost-token mints, and the longest that the API at /api/v1/{user_id}/tasks accepts." },
	{ .names = { "OWNERSHIP_FAILURE" },
	    .kind = CHOICE,
	    .offset = MEMBER(ownership_failure),
	    .fallback = "403",
	    .choices = ownership_choices,
	    .reloadable = true,
	    .help = "Answer for somebody else's task: 403, or 404 to hide that it exists." },
	{ .names = { "CORS_ORIGINS" },
	    .kind = TEXT,
	    .offset = MEMBER(cors_origins),
	    .fallback = "http://localhost:3000",
	    .reloadable = true,
	    .help =
		"Origins whose pages may call from a browser and read the answers, separated by commas: https://app.example.com. Each by its name: answers carry credentials, so * is refused." },
	{ .names = { "FRONTEND_URL" },
	    .kind = TEXT,
	    .offset = MEMBER(frontend_url),
	    .reloadable = true,
	    .help = "Address of the front end; its origin is allowed besides CORS_ORIGINS." },
	{ .names = { "SIGN_IN_DATABASE_URL", "AUTH_DATABASE_URL", "DATABASE_URL" },
	    .kind = DATABASE_URL,
	    .offset = MEMBER(sign_in_database_url),
	    .reloadable = true,
	    .required_by = GP_PROGRAM_AUTH,
	    .help =
		"As whom gatepost-auth.fcgi connects: postgresql://gatepost_auth:PASSWORD@HOST/DATABASE, where Better Auth's tables are. Falls back to AUTH_DATABASE_URL, then DATABASE_URL. The other programs never use it." },
	{ .names = { "BETTER_AUTH_URL" },
	    .kind = TEXT,
	    .offset = MEMBER(base_url),
	    .reloadable = true,
	    .required_by = GP_PROGRAM_AUTH | GP_PROGRAM_AUTHORIZER,
	    .help =
		"Address of the site as browsers see it, https://app.example.com: issuer of tokens, target of links in mail, and with https the reason for secure cookies. The endpoints of gatepost-auth.fcgi are at /api/auth, or at the path in this address where it has one." },
	{ .names = { "BETTER_AUTH_TRUSTED_ORIGINS" },
	    .kind = TEXT,
	    .offset = MEMBER(trusted_origins_text),
	    .reloadable = true,
	    .help =
		"Origins whose pages may sign in and be returned to besides that of BETTER_AUTH_URL, CORS_ORIGINS and FRONTEND_URL, separated by commas; * and ? stand for characters other than a slash: https://*.example.com" },
	{ .names = { "TOKEN_ALG" },
	    .kind = CHOICE,
	    .offset = MEMBER(token_algorithm),
	    .fallback = "EdDSA",
	    .choices = token_choices,
	    .reloadable = true,
	    .help =
		"How /api/auth/token signs: EdDSA with the key pair in Better Auth's jwks table, or HS256 with BETTER_AUTH_SECRET, for back ends that know nothing else. A real Better Auth server with the same secret takes an HS256 token for a verified e-mail address." },
	{ .names = { "SESSION_EXPIRES_IN" },
	    .kind = INTEGER,
	    .offset = MEMBER(session_life_s),
	    .unit = "seconds",
	    .fallback = "604800",
	    .least = 60,
	    .most = 34560000,
	    .reloadable = true,
	    .help = "How long a session lives after it was begun or refreshed." },
	{ .names = { "SESSION_UPDATE_AGE" },
	    .kind = INTEGER,
	    .offset = MEMBER(session_update_age_s),
	    .unit = "seconds",
	    .fallback = "86400",
	    .least = 0,
	    .most = 34560000,
	    .reloadable = true,
	    .help = "How old a session is when it is refreshed." },
	{ .names = { "SESSION_FRESH_AGE" },
	    .kind = INTEGER,
	    .offset = MEMBER(session_fresh_age_s),
	    .unit = "seconds",
	    .fallback = "86400",
	    .least = 0,
	    .most = 34560000,
	    .reloadable = true,
	    .help =
		"How long after signing in a session may list all sessions and delete its user without the password; 0 for always." },
	{ .names = { "SESSION_COOKIE_CACHE" },
	    .kind = CHOICE,
	    .offset = MEMBER(session_cache),
	    .fallback = "off",
	    .choices = cache_choices,
	    .reloadable = true,
	    .help =
		"Whether the session is kept in a signed cookie, session_data, too, which answers /api/auth/get-session without the database; then a session that was ended elsewhere lives on for SESSION_COOKIE_CACHE_MAX_AGE. on is compact." },
	{ .names = { "SESSION_COOKIE_CACHE_MAX_AGE" },
	    .kind = INTEGER,
	    .offset = MEMBER(session_cache_age_s),
	    .unit = "seconds",
	    .fallback = "300",
	    .least = 1,
	    .most = 86400,
	    .reloadable = true,
	    .help = "How long that cookie is believed." },
	{ .names = { "SIGN_UP" },
	    .kind = CHOICE,
	    .offset = MEMBER(sign_up),
	    .fallback = "on",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help = "Whether anybody may make an account." },
	{ .names = { "DELETE_USER" },
	    .kind = CHOICE,
	    .offset = MEMBER(delete_user),
	    .fallback = "off",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help = "Whether users may delete their account; their tasks stay in the database." },
	{ .names = { "REQUIRE_EMAIL_VERIFICATION" },
	    .kind = CHOICE,
	    .offset = MEMBER(verified_email_only),
	    .fallback = "off",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help =
		"Whether only users sign in who have followed the link in a mail, which is sent when they sign up; needs MAIL_FROM." },
	{ .names = { "RESET_REVOKES_SESSIONS" },
	    .kind = CHOICE,
	    .offset = MEMBER(reset_revokes_sessions),
	    .fallback = "off",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help =
		"Whether a password reset by mail ends all sessions of the user; off is what Better Auth does." },
	{ .names = { "PASSWORD_MIN_LENGTH" },
	    .kind = INTEGER,
	    .offset = MEMBER(password_least),
	    .unit = "UTF-16 code units",
	    .fallback = "8",
	    .least = 1,
	    .most = 128,
	    .reloadable = true,
	    .help = "Shortest password that can be set." },
	{ .names = { "PASSWORD_MAX_LENGTH" },
	    .kind = INTEGER,
	    .offset = MEMBER(password_most),
	    .unit = "UTF-16 code units",
	    .fallback = "128",
	    .least = 8,
	    .most = 1024,
	    .reloadable = true,
	    .help = "Longest password that can be set." },
	{ .names = { "SCRYPT_CONCURRENCY" },
	    .kind = INTEGER,
	    .offset = MEMBER(scrypt_concurrency),
	    .unit = "hashes",
	    .fallback = "2",
	    .least = 1,
	    .most = 256,
	    .help =
		"Most passwords that are hashed at once on this machine, 32 MiB and a processor each; others wait for up to three seconds, then they are told to come back. Needs STATE_DIRECTORY." },
	{ .names = { "AUTH_RATE_LIMIT" },
	    .kind = CHOICE,
	    .offset = MEMBER(auth_rate_limit),
	    .fallback = "on",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help =
		"Better Auth's limits, counted on this machine: from one address 3 in 10 seconds to sign in, sign up or change a password, 3 a minute to have mail sent, 100 in 10 seconds for each other endpoint; and 3 in 10 seconds to sign in to one account. Needs STATE_DIRECTORY." },
	{ .names = { "ACCESS_RULES" },
	    .kind = PATH,
	    .offset = MEMBER(access_rules),
	    .fallback = GATEPOST_RULES_DEFAULT,
	    .reloadable = true,
	    .help =
		"File of the rules by which gatepost-authorizer.fcgi opens paths; its manual page has their form." },
	{ .names = { "LOGIN_URL" },
	    .kind = TEXT,
	    .offset = MEMBER(login_url),
	    .reloadable = true,
	    .help =
		"Where gatepost-authorizer.fcgi sends browsers that are not signed in: a path of the guarded site that is public, or a whole URL. It gets callbackURL, the page to come back to. Without it they are answered 401." },
	{ .names = { "NOTIFY_DATABASE_URL", "DATABASE_URL" },
	    .kind = DATABASE_URL,
	    .offset = MEMBER(notify_database_url),
	    .reloadable = true,
	    .required_by = GP_PROGRAM_NOTIFY,
	    .help =
		"As whom gatepost-notifyd connects, and hears of changes: postgresql://gatepost_notify:PASSWORD@HOST/DATABASE. Not through a pooler: LISTEN does not pass PgBouncer's transaction mode. Falls back to DATABASE_URL, whose role has the rights for it only where it owns the tables." },
	{ .names = { "NOTIFY_LISTEN" },
	    .kind = TEXT,
	    .offset = MEMBER(notify_listen),
	    .fallback = "127.0.0.1:9002",
	    .help =
		"Where gatepost-notifyd waits for the web server: an address and a port, [::1]:9002, or the absolute path of a Unix socket. A socket that systemd hands over goes before it." },
	{ .names = { "NOTIFY_MAX_CONNECTIONS" },
	    .kind = INTEGER,
	    .offset = MEMBER(notify_connections),
	    .unit = "connections",
	    .fallback = "10000",
	    .least = 1,
	    .most = 1000000,
	    .help =
		"How many connections gatepost-notifyd keeps at once; further ones are closed with 1013. The limit of open files has to be a little higher." },
	{ .names = { "NOTIFY_MAX_CONNECTIONS_PER_USER" },
	    .kind = INTEGER,
	    .offset = MEMBER(notify_user_connections),
	    .unit = "connections",
	    .fallback = "16",
	    .least = 1,
	    .most = 10000,
	    .reloadable = true,
	    .help = "How many of them may be one user's." },
	{ .names = { "NOTIFY_PING_SECONDS" },
	    .kind = INTEGER,
	    .offset = MEMBER(notify_ping_s),
	    .unit = "seconds",
	    .fallback = "25",
	    .least = 1,
	    .most = 3600,
	    .reloadable = true,
	    .help =
		"How often a client is asked for a sign of life. Web servers end a connection on which nothing is said: lighttpd after 60 seconds (server.max-read-idle), Apache after Timeout." },
	{ .names = { "NOTIFY_TIMEOUT_SECONDS" },
	    .kind = INTEGER,
	    .offset = MEMBER(notify_timeout_s),
	    .unit = "seconds",
	    .fallback = "60",
	    .least = 2,
	    .most = 7200,
	    .reloadable = true,
	    .help =
		"How long a client may give no sign of life before its connection is ended; more than NOTIFY_PING_SECONDS." },
	{ .names = { "RATE_LIMIT" },
	    .kind = RATE,
	    .offset = MEMBER(rate),
	    .fallback = "off",
	    .reloadable = true,
	    .help =
		"Most requests of one caller in a period, as 100/10s or 1000/m; also most requests from one address whose credential is missing or refused, which then is not heard at all. Beyond it answers are 429. Needs STATE_DIRECTORY." },
	{ .names = { "TRUSTED_PROXIES" },
	    .kind = ADDRESSES,
	    .offset = MEMBER(trusted_proxies),
	    .fallback = "none",
	    .reloadable = true,
	    .help =
		"Addresses and networks (10.0.0.0/8) of reverse proxies whose X-Forwarded-For is believed, separated by commas. Behind a proxy that is not named here all clients have one address." },
	{ .names = { "REQUIRE_HTTPS" },
	    .kind = CHOICE,
	    .offset = MEMBER(require_https),
	    .fallback = "off",
	    .choices = switch_choices,
	    .reloadable = true,
	    .help =
		"Whether requests that came without TLS are refused, all but /healthz, /readyz and /metrics. A proxy in TRUSTED_PROXIES says with X-Forwarded-Proto how a request came to it." },
	{ .names = { "METRICS_ALLOW" },
	    .kind = ADDRESSES,
	    .offset = MEMBER(metrics_allow),
	    .fallback = "127.0.0.0/8, ::1",
	    .reloadable = true,
	    .help = "Addresses and networks that may read /metrics; none for nobody." },
	{ .names = { "STATE_DIRECTORY" },
	    .kind = PATH,
	    .offset = MEMBER(state_directory),
	    .fallback = GATEPOST_STATE_DEFAULT,
	    .help =
		"Directory of the workers' user, in which they keep the file that they count requests in together." },
	{ .names = { "MAIL_FROM" },
	    .kind = SENDER,
	    .offset = MEMBER(mail_from),
	    .reloadable = true,
	    .help =
		"Whom mail comes from: no-reply@example.com or Tasks <no-reply@example.com>. Without it no mail is sent, and what needs mail is off." },
	{ .names = { "SENDMAIL" },
	    .kind = COMMAND,
	    .offset = MEMBER(sendmail),
	    .fallback = "/usr/sbin/sendmail -t -i",
	    .reloadable = true,
	    .help =
		"The program that takes mail, and its arguments, separated by blanks. It gets message and recipient on its standard input; there is no shell and no quoting." },
	{ .names = { "MAIL_DIRECTORY" },
	    .kind = PATH,
	    .offset = MEMBER(mail_directory),
	    .fallback = GATEPOST_MAIL_DEFAULT,
	    .reloadable = true,
	    .help =
		"Where the texts of the messages are, reset-password.txt and verify-email.txt." },
	{ .names = { "MOUNT_PATH" },
	    .kind = PATH,
	    .offset = MEMBER(mount_path),
	    .reloadable = true,
	    .help =
		"Path below which the web server mounts the program, taken off before routes are "
		"matched: /cgi-bin/gatepost.fcgi" },
	{ .names = { "MAX_REQUESTS" },
	    .kind = INTEGER,
	    .offset = MEMBER(max_requests),
	    .unit = "requests",
	    .fallback = "0",
	    .least = 0,
	    .most = 1000000000,
	    .reloadable = true,
	    .help =
		"After how many requests, up to a tenth more, a FastCGI worker ends so that a new one takes its place; 0 for never. Only where multiwatch or the like starts the new one." },
	{ .names = { "LOG_FORMAT" },
	    .kind = CHOICE,
	    .offset = MEMBER(log_format),
	    .fallback = "text",
	    .choices = format_choices,
	    .reloadable = true,
	    .help = "How a line of the event log looks." },
	{ .names = { "LOG_LEVEL" },
	    .kind = CHOICE,
	    .offset = MEMBER(log_level),
	    .fallback = "info",
	    .choices = level_choices,
	    .reloadable = true,
	    .help = "The least important events that are logged." },
	{ .names = { "LOG_LINES_PER_SECOND" },
	    .kind = INTEGER,
	    .offset = MEMBER(log_lines_per_second),
	    .unit = "lines",
	    .fallback = "100",
	    .least = 0,
	    .most = 1000000,
	    .reloadable = true,
	    .help =
		"How many lines of one rule a worker logs within a second; 0 for all. The next line of that rule says how many were left out (omitted=), and /metrics counts all." },
	{ .names = { "LOG_TARGET" },
	    .kind = CHOICE,
	    .offset = MEMBER(log_target),
	    .fallback = "stderr",
	    .choices = target_choices,
	    .reloadable = true,
	    .help = "Where the event log goes; stderr is the web server's error log." },
};
/* clang-format on */

static const char *
environment_get(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment != NULL; environment++) {
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	}
	return NULL;
}

/* The configured text of a row and the name it was found under; NULL where there is none. */
static const char *
configured(const struct row *row, char *const *environment, const struct gp_environment_file *file,
    const char **name)
{
	for (size_t i = 0; i < GP_COUNT(row->names) && row->names[i] != NULL; i++) {
		const char *text = environment_get(environment, row->names[i]);

		if (text == NULL || text[0] == '\0')
			text = gp_environment_file_get(file, row->names[i]);
		if (text != NULL && text[0] != '\0') {
			*name = row->names[i];
			return text;
		}
	}
	*name = row->names[0];
	return row->fallback;
}

static bool
has_control_character(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static bool
parse_integer(const struct row *row, const char *text, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && end > text && *end == '\0' && *number >= row->least &&
	       *number <= row->most;
}

static bool
parse_choice(const struct row *row, const char *text, int64_t *value)
{
	for (const struct choice *choice = row->choices; choice->word != NULL; choice++) {
		if (strcmp(choice->word, text) == 0) {
			*value = choice->value;
			return true;
		}
	}
	return false;
}

static void
describe_choices(const struct row *row, char *text, size_t size)
{
	text[0] = '\0';
	for (const struct choice *choice = row->choices; choice->word != NULL; choice++) {
		size_t length = strlen(text);

		snprintf(
		    text + length, size - length, "%s%s", length > 0 ? " or " : "", choice->word);
	}
}

/* Whether a reader found nothing wrong; else the problem says what. */
static bool
accept(const char *name, const char *wrong, char *problem, size_t problem_size)
{
	if (wrong != NULL)
		snprintf(problem, problem_size, "%s: %s", name, wrong);
	return wrong == NULL;
}

/* Judge one text, now owned by `settings`, and put it where it belongs. */
static bool
store(struct gp_settings *settings, const struct row *row, char *text, const char *name,
    char *problem, size_t problem_size)
{
	char *member = (char *)settings + row->offset;
	char words[80];
	size_t length = strlen(text);
	int64_t characters;

	switch (row->kind) {
	case SECRET:
		characters = gp_utf8_count(text, length);
		if (characters < row->least || characters > row->most) {
			snprintf(problem, problem_size,
			    "%s: has %lld characters, must have %lld to %lld; make one with: openssl rand -hex 32",
			    name, (long long)characters, (long long)row->least,
			    (long long)row->most);
			return false;
		}
		break;
	case SECRETS: break; /* judged when all secrets are known */
	case RATE:
		return accept(name, gp_rate_read(text, (struct gp_rate *)(void *)member), problem,
		    problem_size);
	case ADDRESSES:
		return accept(name,
		    gp_address_list_read(text, (struct gp_address_list *)(void *)member), problem,
		    problem_size);
	case SENDER:
		return accept(name,
		    gp_mail_sender_read(text, (struct gp_mail_sender *)(void *)member), problem,
		    problem_size);
	case INTEGER:
		if (!parse_integer(row, text, (int64_t *)(void *)member)) {
			snprintf(problem, problem_size,
			    "%s: must be a whole number of %s from %lld to %lld", name, row->unit,
			    (long long)row->least, (long long)row->most);
			return false;
		}
		return true;
	case CHOICE:
		if (!parse_choice(row, text, (int64_t *)(void *)member)) {
			describe_choices(row, words, sizeof(words));
			snprintf(problem, problem_size, "%s: must be %s", name, words);
			return false;
		}
		return true;
	case PATH:
		if (text[0] != '/') {
			snprintf(problem, problem_size, "%s: must begin with /", name);
			return false;
		}
		while (length > 0 && text[length - 1] == '/')
			text[--length] = '\0';
		break;
	case COMMAND:
		if (text[0] != '/') {
			snprintf(
			    problem, problem_size, "%s: must begin with the program's path", name);
			return false;
		}
		break;
	case WEB_URL:
		if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0) {
			snprintf(problem, problem_size, "%s: must begin with https://", name);
			return false;
		}
		break;
	case TEXT:
	case DATABASE_URL: break;
	}
	if (has_control_character(text)) {
		snprintf(problem, problem_size, "%s: holds a control character", name);
		return false;
	}
	*(const char **)(void *)member = text;
	return true;
}

/* Whether the setting that may stand in for this one is set. */
static bool
stands_in(const struct row *row, char *const *environment, const struct gp_environment_file *file)
{
	const struct row other = { .names = { row->unless } };
	const char *name;

	return row->unless != NULL && configured(&other, environment, file, &name) != NULL;
}

static bool
load_row(struct gp_settings *settings, size_t index, char *const *environment,
    const struct gp_environment_file *file, enum gp_program_bit program, char *problem,
    size_t problem_size)
{
	const struct row *row = &rows[index];
	const char *name;
	const char *text = configured(row, environment, file, &name);

	if (text == NULL && (row->required_by & program) != 0 &&
	    !stands_in(row, environment, file)) {
		snprintf(problem, problem_size,
		    "%s: not set; put it into the environment or into %s", name, settings->file);
		return false;
	}
	if (text == NULL)
		return true;
	settings->texts[index] =
	    row->kind == DATABASE_URL ? gp_database_url_translate(text) : strdup(text);
	if (settings->texts[index] == NULL) {
		snprintf(problem, problem_size, "%s: out of memory", name);
		return false;
	}
	return store(settings, row, settings->texts[index], name, problem, problem_size);
}

/*
 * Both lists of secrets, the current one first. BETTER_AUTH_SECRETS goes before the single secret,
 * which then is an older one, and opens what was sealed before there were versions.
 */
static bool
load_secrets(struct gp_settings *settings, char *problem, size_t problem_size)
{
	struct gp_secret_list *all = &settings->sealing_secrets;

	if (settings->secrets_text != NULL) {
		settings->secrets_pieces = strdup(settings->secrets_text);
		if (settings->secrets_pieces == NULL) {
			snprintf(problem, problem_size, "out of memory");
			return false;
		}
		if (!accept("BETTER_AUTH_SECRETS",
			gp_secret_list_read(settings->secrets_pieces, all), problem, problem_size))
			return false;
	}
	if (settings->secret_text != NULL)
		all->secrets[all->count++] =
		    (struct gp_secret){ settings->secret_text, strlen(settings->secret_text), -1 };
	settings->secrets = *all;
	if (!settings->previous_secrets && all->count > 1)
		settings->secrets.count = 1;
	return true;
}

/* The origins of both settings that name some, each read in a copy that the list borrows from. */
static bool
load_origins(struct gp_settings *settings, char *problem, size_t problem_size)
{
	const struct {
		const char *name, *text;
		const char *(*read)(char *text, struct gp_origin_list *list);
	} sources[] = {
		{ "CORS_ORIGINS", settings->cors_origins, gp_origin_list_read },
		{ "FRONTEND_URL", settings->frontend_url, gp_origin_list_add_url },
	};

	for (size_t i = 0; i < GP_COUNT(sources); i++) {
		if (sources[i].text == NULL)
			continue;
		settings->origins_pieces[i] = strdup(sources[i].text);
		if (settings->origins_pieces[i] == NULL) {
			snprintf(problem, problem_size, "out of memory");
			return false;
		}
		if (!accept(sources[i].name,
			sources[i].read(settings->origins_pieces[i], &settings->origins), problem,
			problem_size))
			return false;
	}
	return true;
}

/* What the site's address says: its origin, and the path of the sign-in program's endpoints. */
static bool
load_base_url(struct gp_settings *settings, char *problem, size_t problem_size)
{
	struct gp_origin_list list = { .count = 0 };
	const char *path = "/api/auth", *given;
	size_t length, mount_length = strlen(settings->mount_path);
	char **pieces = settings->base_pieces;

	if (settings->base_url == NULL)
		return true;
	pieces[0] = strdup(settings->base_url);
	if (pieces[0] != NULL &&
	    !accept(
		"BETTER_AUTH_URL", gp_origin_list_add_url(pieces[0], &list), problem, problem_size))
		return false;
	given = strstr(settings->base_url, "://") + 3;
	given += strcspn(given, "/");
	length = strcspn(given, "?#");
	while (length > 0 && given[length - 1] == '/')
		length--;
	if (length == 0)
		length = strlen(path);
	else
		path = given;
	pieces[1] = strndup(path, length);
	pieces[2] = malloc(mount_length + length + 1);
	if (pieces[0] == NULL || pieces[1] == NULL || pieces[2] == NULL) {
		snprintf(problem, problem_size, "out of memory");
		return false;
	}
	snprintf(pieces[2], mount_length + length + 1, "%s%s", settings->mount_path, pieces[1]);
	settings->base_origin = list.origins[0];
	settings->base_path = pieces[1];
	settings->sign_in_path = pieces[2];
	settings->secure_cookies = strncmp(settings->base_origin, "https://", 8) == 0;
	return true;
}

/* Whom the sign-in program trusts: its own pages, those that may read answers, and more. */
static bool
load_trusted_origins(struct gp_settings *settings, char *problem, size_t problem_size)
{
	struct gp_trusted_origins *list = &settings->trusted_origins;
	bool fits =
	    settings->base_origin == NULL || gp_trusted_origins_add(list, settings->base_origin);

	for (size_t i = 0; i < settings->origins.count; i++)
		fits = fits && gp_trusted_origins_add(list, settings->origins.origins[i]);
	if (!fits) {
		snprintf(problem, problem_size,
		    "CORS_ORIGINS: has more origins than can be trusted, %d",
		    GP_TRUSTED_ORIGINS_MAX);
		return false;
	}
	if (settings->trusted_origins_text == NULL)
		return true;
	settings->base_pieces[3] = strdup(settings->trusted_origins_text);
	if (settings->base_pieces[3] == NULL) {
		snprintf(problem, problem_size, "out of memory");
		return false;
	}
	return accept("BETTER_AUTH_TRUSTED_ORIGINS",
	    gp_trusted_origins_read(settings->base_pieces[3], list), problem, problem_size);
}

struct gp_settings *
gp_settings_load(char *const *environment, const char *default_file, enum gp_program_bit program,
    char *problem, size_t problem_size)
{
	const char *path = environment_get(environment, "GATEPOST_ENV");
	bool named = path != NULL && path[0] != '\0';
	struct gp_environment_file *file;
	char file_problem[400];
	struct gp_settings *settings = NULL;
	bool loaded;

	file = gp_environment_file_read(
	    named ? path : default_file, named, file_problem, sizeof(file_problem));
	if (file == NULL) {
		snprintf(
		    problem, problem_size, "%s%s", named ? "GATEPOST_ENV: " : "", file_problem);
		return NULL;
	}
	settings = calloc(1, sizeof(*settings));
	loaded = settings != NULL;
	if (loaded) {
		settings->mount_path = "";
		settings->file = strdup(named ? path : default_file);
		settings->texts = calloc(GP_COUNT(rows), sizeof(*settings->texts));
		loaded = settings->texts != NULL && settings->file != NULL;
	}
	if (!loaded)
		snprintf(problem, problem_size, "out of memory");
	for (size_t i = 0; loaded && i < GP_COUNT(rows); i++)
		loaded = load_row(settings, i, environment, file, program, problem, problem_size);
	gp_environment_file_free(file);
	if (loaded && settings->password_least > settings->password_most) {
		snprintf(problem, problem_size,
		    "PASSWORD_MIN_LENGTH: is above PASSWORD_MAX_LENGTH, so no password could be set");
		loaded = false;
	}
	if (loaded && settings->notify_timeout_s <= settings->notify_ping_s) {
		snprintf(problem, problem_size,
		    "NOTIFY_TIMEOUT_SECONDS: has to be above NOTIFY_PING_SECONDS, or nobody could "
		    "answer in time");
		loaded = false;
	}
	loaded = loaded && load_secrets(settings, problem, problem_size) &&
		 load_origins(settings, problem, problem_size) &&
		 load_base_url(settings, problem, problem_size) &&
		 load_trusted_origins(settings, problem, problem_size);
	if (!loaded) {
		gp_settings_free(settings);
		return NULL;
	}
	return settings;
}

void
gp_settings_free(struct gp_settings *settings)
{
	if (settings == NULL)
		return;
	if (settings->secrets_pieces != NULL)
		OPENSSL_cleanse(settings->secrets_pieces, strlen(settings->secrets_text));
	free(settings->secrets_pieces);
	for (size_t i = 0; i < GP_COUNT(settings->origins_pieces); i++)
		free(settings->origins_pieces[i]);
	for (size_t i = 0; i < GP_COUNT(settings->base_pieces); i++)
		free(settings->base_pieces[i]);
	for (size_t i = 0; settings->texts != NULL && i < GP_COUNT(rows); i++) {
		if (settings->texts[i] != NULL)
			OPENSSL_cleanse(settings->texts[i], strlen(settings->texts[i]));
		free(settings->texts[i]);
	}
	free(settings->texts);
	free(settings->file);
	free(settings);
}

void
gp_settings_print(const struct gp_settings *settings, FILE *out)
{
	fprintf(out, "# from the environment, then %s\n", settings->file);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *text = settings->texts[i];

		if (text != NULL && rows[i].kind == SECRET)
			fprintf(out, "%s=(hidden, %lld characters)\n", rows[i].names[0],
			    (long long)gp_utf8_count(text, strlen(text)));
		else if (text != NULL && (rows[i].kind == DATABASE_URL || rows[i].kind == SECRETS ||
					     rows[i].kind == WEB_URL))
			fprintf(out, "%s=(hidden)\n", rows[i].names[0]);
		else
			fprintf(out, "%s=%s\n", rows[i].names[0], text != NULL ? text : "");
	}
}

/* A help text as comment lines of at most 78 columns. */
static void
print_comment(FILE *out, const char *text)
{
	while (*text != '\0') {
		size_t length = strlen(text);

		if (length > 76) {
			length = 76;
			while (length > 0 && text[length] != ' ')
				length--;
		}
		fprintf(out, "# %.*s\n", (int)length, text);
		text += length;
		text += *text == ' ';
	}
}

void
gp_settings_print_sample(FILE *out)
{
	fputs(
	    "# Settings of gatepost. The environment goes before this file; a line counts once its\n"
	    "# comment sign is taken away. The file holds secrets: mode 0640, group of the workers.\n",
	    out);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		char words[80];

		fputc('\n', out);
		print_comment(out, row->help);
		if (row->kind == CHOICE) {
			describe_choices(row, words, sizeof(words));
			fprintf(out, "# One of: %s.\n", words);
		} else if (row->unit != NULL) {
			fprintf(out, "# From %lld to %lld %s.\n", (long long)row->least,
			    (long long)row->most, row->unit);
		}
		fprintf(out, "# %s\n",
		    row->reloadable ? "Read again on SIGHUP." : "Read at the start.");
		/* Defaults that are paths depend on where this was built for. */
		fprintf(out, "#%s=%s\n", row->names[0],
		    row->fallback != NULL && row->kind != PATH ? row->fallback : "");
	}
}

struct gp_database_manner
gp_settings_database_manner(const struct gp_settings *settings)
{
	return (struct gp_database_manner){
		.timeout_s = settings->database_timeout_s,
		.max_age_s = settings->database_max_age_s,
		.prepares = settings->database_prepares != 0,
	};
}

void
gp_settings_apply_log(const struct gp_settings *settings, struct gp_log *log)
{
	log->format = (enum gp_log_format)settings->log_format;
	log->level = (enum gp_log_level)settings->log_level;
	log->target = (enum gp_log_target)settings->log_target;
}
