/* SPDX-License-Identifier: Apache-2.0 */
/* The table of outcomes. A new refusal is an enum value and a row here. */
#include "outcome.h"

static const char try_later[] = "Service temporarily unavailable";

static const char untrusted[] = "a way back to a site that is not among the trusted origins";

/* What Better Auth has a code for. */
#define SIGN_IN(rule, status, code, sentence, level, remedy) \
	{ \
		rule, status, GP_PHRASE_OWN, sentence, GP_LOG_##level, remedy, code \
	}

static const struct gp_outcome_row rows[GP_OUTCOME_COUNT] = {
	[GP_OK] = { "ok", 200, GP_PHRASE_OWN, "OK", GP_LOG_DEBUG, NULL, NULL },

	[GP_DENY_NO_CREDENTIAL] = { "no_credential", 401, GP_PHRASE_NO_CREDENTIAL,
	    "no bearer token", GP_LOG_INFO,
	    "no Authorization: Bearer arrived; if clients send one, let the web server pass it on",
	    NULL },
	[GP_DENY_CREDENTIAL_FORM] = { "credential_form", 401, GP_PHRASE_TOKEN_INVALID, "malformed",
	    GP_LOG_WARNING,
	    "characters after the scheme that no token has, or two Authorization fields", NULL },
	[GP_DENY_TOKEN_LENGTH] = { "token_length", 401, GP_PHRASE_TOKEN_INVALID, "too long",
	    GP_LOG_WARNING, NULL, NULL },
	[GP_DENY_TOKEN_FORM] = { "token_form", 401, GP_PHRASE_TOKEN_INVALID, "malformed",
	    GP_LOG_WARNING, "not three parts", NULL },
	[GP_DENY_TOKEN_ENCODING] = { "token_encoding", 401, GP_PHRASE_TOKEN_INVALID, "malformed",
	    GP_LOG_WARNING, "a part is not canonical base64url", NULL },
	[GP_DENY_HEADER_JSON] = { "header_json", 401, GP_PHRASE_TOKEN_INVALID, "malformed header",
	    GP_LOG_WARNING, NULL, NULL },
	[GP_DENY_HEADER_CRITICAL] = { "header_critical", 401, GP_PHRASE_TOKEN_INVALID,
	    "unsupported header", GP_LOG_WARNING, "crit or b64", NULL },
	[GP_DENY_HEADER_KEY] = { "header_key", 401, GP_PHRASE_TOKEN_INVALID, "unsupported header",
	    GP_LOG_WARNING, "the token brings its own key", NULL },
	[GP_DENY_ALGORITHM] = { "algorithm", 401, GP_PHRASE_TOKEN_INVALID, "algorithm not allowed",
	    GP_LOG_WARNING, "no key answers for this alg", NULL },
	[GP_DENY_KEY] = { "key", 401, GP_PHRASE_TOKEN_INVALID, "unknown key", GP_LOG_WARNING,
	    "no key has this kid", NULL },
	[GP_DENY_SIGNATURE] = { "signature", 401, GP_PHRASE_TOKEN_INVALID,
	    "signature does not match", GP_LOG_WARNING,
	    "forged, or signed with another secret than BETTER_AUTH_SECRET", NULL },
	[GP_DENY_CLAIMS_JSON] = { "claims_json", 401, GP_PHRASE_TOKEN_INVALID, "malformed claims",
	    GP_LOG_WARNING, NULL, NULL },
	[GP_DENY_PURPOSE] = { "purpose", 401, GP_PHRASE_TOKEN_INVALID, "not an access token",
	    GP_LOG_WARNING, "signed by us, but for something else", NULL },
	[GP_DENY_TIME_FORM] = { "time_form", 401, GP_PHRASE_TOKEN_INVALID, "malformed time",
	    GP_LOG_WARNING, "exp, nbf or iat is no finite number of seconds", NULL },
	[GP_DENY_EXPIRY_MISSING] = { "expiry_missing", 401, GP_PHRASE_TOKEN_INVALID,
	    "missing expiry", GP_LOG_WARNING, NULL, NULL },
	[GP_DENY_EXPIRED] = { "expired", 401, GP_PHRASE_TOKEN_EXPIRED, "expired", GP_LOG_INFO, NULL,
	    NULL },
	[GP_DENY_NOT_YET_VALID] = { "not_yet_valid", 401, GP_PHRASE_TOKEN_INVALID, "not yet valid",
	    GP_LOG_WARNING, "compare the clocks of the two machines", NULL },
	[GP_DENY_ISSUED_IN_FUTURE] = { "issued_in_future", 401, GP_PHRASE_TOKEN_INVALID,
	    "issued in the future", GP_LOG_WARNING, "compare the clocks of the two machines",
	    NULL },
	[GP_DENY_ISSUER] = { "issuer", 401, GP_PHRASE_TOKEN_INVALID, "wrong issuer", GP_LOG_WARNING,
	    "iss is not JWT_ISSUER", NULL },
	[GP_DENY_AUDIENCE] = { "audience", 401, GP_PHRASE_TOKEN_INVALID, "wrong audience",
	    GP_LOG_WARNING, "aud does not name JWT_AUDIENCE", NULL },
	[GP_DENY_SUBJECT_MISSING] = { "subject_missing", 401, GP_PHRASE_SUBJECT_MISSING,
	    "missing user ID", GP_LOG_WARNING, NULL, NULL },
	[GP_DENY_SUBJECT_FORM] = { "subject_form", 401, GP_PHRASE_TOKEN_INVALID,
	    "malformed user ID", GP_LOG_WARNING,
	    "sub is no string of 1 to 255 bytes without control characters", NULL },
	[GP_DENY_EMAIL_MISSING] = { "email_missing", 401, GP_PHRASE_EMAIL_MISSING, "missing email",
	    GP_LOG_WARNING, "this API wants tokens and users with an e-mail address", NULL },
	[GP_DENY_LIFETIME] = { "lifetime", 401, GP_PHRASE_LIFETIME, "lifetime not allowed",
	    GP_LOG_WARNING,
	    "a suspicious lifetime: exp - iat is not from 15 minutes to ACCESS_TOKEN_EXPIRE_MINUTES",
	    NULL },
	[GP_DENY_SESSION] = { "session", 401, GP_PHRASE_TOKEN_INVALID, "unknown or expired session",
	    GP_LOG_WARNING, "no live row in Better Auth's session table has this token", NULL },
	[GP_DENY_USER_GONE] = { "user_gone", 401, GP_PHRASE_TOKEN_INVALID, "unknown user",
	    GP_LOG_WARNING,
	    "the user's row is gone or banned; JWT_LIVENESS is user, or this API wants the row",
	    NULL },
	[GP_DENY_PATH_USER] = { "path_user", 403, GP_PHRASE_PATH_USER, "Access denied",
	    GP_LOG_WARNING, "the path names another user than the credential", NULL },
	[GP_DENY_ROW_FOREIGN] = { "row_foreign", 403, GP_PHRASE_ROW_FOREIGN, "Access denied",
	    GP_LOG_WARNING, "somebody else's row", NULL },
	[GP_DENY_ADDRESS] = { "address", 403, GP_PHRASE_OWN, "Forbidden", GP_LOG_WARNING,
	    "the client is not in METRICS_ALLOW, or came through a proxy that is not in TRUSTED_PROXIES",
	    NULL },
	[GP_DENY_RATE] = { "rate_limit", 429, GP_PHRASE_OWN, "Too Many Requests", GP_LOG_WARNING,
	    "more than RATE_LIMIT, or AUTH_RATE_LIMIT at sign-in, allows; logged once for each window",
	    NULL },

	[GP_DENY_SIGNED_OUT] =
	    SIGN_IN("signed_out", 401, "UNAUTHORIZED", "Unauthorized", INFO, NULL),
	[GP_DENY_PASSWORD] = SIGN_IN("password", 401, "INVALID_EMAIL_OR_PASSWORD",
	    "Invalid email or password", WARNING, NULL),
	[GP_DENY_EMAIL_UNVERIFIED] = SIGN_IN("email_unverified", 403, "EMAIL_NOT_VERIFIED",
	    "Email not verified", INFO, "REQUIRE_EMAIL_VERIFICATION is on"),
	[GP_DENY_SESSION_NOT_FRESH] = SIGN_IN("session_not_fresh", 403, "SESSION_NOT_FRESH",
	    "Session is not fresh", INFO, "begun longer ago than SESSION_FRESH_AGE"),
	[GP_DENY_ORIGIN_MISSING] =
	    SIGN_IN("origin_missing", 403, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin",
		WARNING, "a request with cookies that does not say which page sent it"),
	[GP_DENY_ORIGIN] = SIGN_IN("origin_foreign", 403, "INVALID_ORIGIN", "Invalid origin",
	    WARNING,
	    "a page of an origin that is not in BETTER_AUTH_URL, BETTER_AUTH_TRUSTED_ORIGINS, CORS_ORIGINS or FRONTEND_URL"),
	[GP_DENY_NAVIGATION] = SIGN_IN("navigation", 403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
	    "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
	    WARNING, NULL),
	[GP_DENY_CALLBACK] = SIGN_IN(
	    "callback", 403, "INVALID_CALLBACK_URL", "Invalid callbackURL", WARNING, untrusted),
	[GP_DENY_REDIRECT] = SIGN_IN(
	    "redirect", 403, "INVALID_REDIRECT_URL", "Invalid redirectURL", WARNING, untrusted),
	[GP_DENY_ERROR_CALLBACK] = SIGN_IN("error_callback", 403, "INVALID_ERROR_CALLBACK_URL",
	    "Invalid errorCallbackURL", WARNING, untrusted),
	[GP_DENY_NEW_USER_CALLBACK] = SIGN_IN("new_user_callback", 403,
	    "INVALID_NEW_USER_CALLBACK_URL", "Invalid newUserCallbackURL", WARNING, untrusted),
	[GP_DENY_LINK] = SIGN_IN("link", 401, "INVALID_TOKEN", "Invalid token", WARNING,
	    "not a token that we mailed to verify an address"),
	[GP_DENY_LINK_EXPIRED] =
	    SIGN_IN("link_expired", 401, "TOKEN_EXPIRED", "Token expired", INFO, NULL),
	[GP_DENY_LINK_USER] =
	    SIGN_IN("link_user", 401, "USER_NOT_FOUND", "User not found", INFO, NULL),

	[GP_BAD_PATH] = { "path", 400, GP_PHRASE_OWN, "Bad Request", GP_LOG_INFO,
	    "control characters, invalid UTF-8 or an encoded slash in the path", NULL },
	[GP_BAD_LENGTH] = { "length", 400, GP_PHRASE_OWN, "Bad Request", GP_LOG_INFO,
	    "Content-Length and the body do not agree", NULL },
	[GP_BAD_BODY_CUT] = { "body_cut", 400, GP_PHRASE_OWN, "Bad Request", GP_LOG_INFO,
	    "the body ended in an error", NULL },
	[GP_BAD_ORIGIN] = { "origin", 400, GP_PHRASE_OWN, "Disallowed CORS origin", GP_LOG_INFO,
	    "a page of this origin may call once CORS_ORIGINS or FRONTEND_URL names it", NULL },
	[GP_BAD_ROUTE] = { "route", 404, GP_PHRASE_OWN, "Not Found", GP_LOG_DEBUG, NULL, NULL },
	[GP_BAD_METHOD] = { "method", 405, GP_PHRASE_OWN, "Method Not Allowed", GP_LOG_DEBUG, NULL,
	    NULL },
	[GP_BAD_SIZE] = { "size", 413, GP_PHRASE_OWN, "Request body too large", GP_LOG_INFO, NULL,
	    NULL },
	[GP_BAD_MEDIA_TYPE] = { "media_type", 415, GP_PHRASE_OWN,
	    "Unsupported media type: use application/json", GP_LOG_DEBUG, NULL,
	    "UNSUPPORTED_MEDIA_TYPE" },
	[GP_BAD_INPUT] = { "input", 422, GP_PHRASE_OWN, "Unprocessable Entity", GP_LOG_DEBUG, NULL,
	    NULL },
	[GP_BAD_ROW_ABSENT] = { "row_absent", 404, GP_PHRASE_ROW_ABSENT, "Not Found", GP_LOG_DEBUG,
	    NULL, NULL },
	[GP_BAD_VERSION] = { "version", 412, GP_PHRASE_OWN, "Precondition Failed", GP_LOG_DEBUG,
	    "If-Match names none of the task's present version", NULL },

	[GP_BAD_JSON] =
	    SIGN_IN("json", 400, "BAD_REQUEST", "Invalid JSON in request body", DEBUG, NULL),
	[GP_BAD_VALUES] =
	    SIGN_IN("values", 400, "VALIDATION_ERROR", "Validation error", DEBUG, NULL),
	[GP_BAD_CALLBACK_TYPE] = SIGN_IN(
	    "callback_type", 400, NULL, "Invalid callbackURL: expected a string", DEBUG, NULL),
	[GP_BAD_EMAIL] = SIGN_IN("email", 400, "INVALID_EMAIL", "Invalid email", DEBUG, NULL),
	[GP_BAD_PASSWORD_SHORT] =
	    SIGN_IN("password_short", 400, "PASSWORD_TOO_SHORT", "Password too short", DEBUG, NULL),
	[GP_BAD_PASSWORD_LONG] =
	    SIGN_IN("password_long", 400, "PASSWORD_TOO_LONG", "Password too long", DEBUG, NULL),
	[GP_BAD_PASSWORD] =
	    SIGN_IN("current_password", 400, "INVALID_PASSWORD", "Invalid password", WARNING, NULL),
	[GP_BAD_NO_PASSWORD] = SIGN_IN("no_password", 400, "CREDENTIAL_ACCOUNT_NOT_FOUND",
	    "Credential account not found", INFO,
	    "the user signs in another way than with a password"),
	[GP_BAD_USER_EXISTS] = SIGN_IN("user_exists", 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
	    "User already exists. Use another email.", INFO, NULL),
	[GP_BAD_USER_NOT_MADE] = SIGN_IN(
	    "user_not_made", 422, "FAILED_TO_CREATE_USER", "Failed to create user", INFO, NULL),
	[GP_BAD_SIGN_UP_OFF] = SIGN_IN("sign_up_off", 400, "EMAIL_PASSWORD_SIGN_UP_DISABLED",
	    "Email and password sign up is not enabled", INFO, "SIGN_UP is off"),
	[GP_BAD_NO_CHANGE] = SIGN_IN("no_change", 400, NULL, "No fields to update", DEBUG, NULL),
	[GP_BAD_EMAIL_FIXED] = SIGN_IN("email_fixed", 400, "EMAIL_CAN_NOT_BE_UPDATED",
	    "Email can not be updated", DEBUG, NULL),
	[GP_BAD_RESET_TOKEN] = SIGN_IN("reset_token", 400, "INVALID_TOKEN", "Invalid token",
	    WARNING, "unknown, used or expired"),
	[GP_BAD_RESET_USER] =
	    SIGN_IN("reset_user", 400, "USER_NOT_FOUND", "User not found", INFO, NULL),
	[GP_BAD_RESET_OFF] = SIGN_IN("reset_off", 400, "RESET_PASSWORD_DISABLED",
	    "Reset password isn't enabled", INFO, "it needs MAIL_FROM"),
	[GP_BAD_DELETE_TOKEN] =
	    SIGN_IN("delete_token", 404, "INVALID_TOKEN", "Invalid token", INFO, NULL),
	[GP_BAD_SESSION_NOT_FRESH] = SIGN_IN("session_stale", 400, "SESSION_EXPIRED",
	    "Session expired. Re-authenticate to perform this action.", INFO,
	    "begun longer ago than SESSION_FRESH_AGE"),
	[GP_BAD_VERIFICATION_OFF] =
	    SIGN_IN("verification_off", 400, "VERIFICATION_EMAIL_NOT_ENABLED",
		"Verification email isn't enabled", INFO, "it needs MAIL_FROM"),
	[GP_BAD_EMAIL_OTHER] =
	    SIGN_IN("email_other", 400, "EMAIL_MISMATCH", "Email mismatch", INFO, NULL),
	[GP_BAD_EMAIL_VERIFIED] = SIGN_IN("email_verified", 400, "EMAIL_ALREADY_VERIFIED",
	    "Email is already verified", DEBUG, NULL),
	[GP_BAD_SESSION_METHOD] =
	    SIGN_IN("session_method", 405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
		"POST method requires deferSessionRefresh to be enabled in session config", DEBUG,
		NULL),

	[GP_ERR_SETTING] = { "setting", 0, GP_PHRASE_OWN, "", GP_LOG_ERROR, NULL, NULL },
	[GP_ERR_MEMORY] = { "memory", 503, GP_PHRASE_OWN, try_later, GP_LOG_ERROR, "out of memory",
	    NULL },
	[GP_ERR_CRYPTO] = { "crypto", 500, GP_PHRASE_OWN, "Internal Server Error", GP_LOG_ERROR,
	    "OpenSSL refused an operation that cannot fail", NULL },
	[GP_ERR_DATABASE_GONE] = { "database_gone", 503, GP_PHRASE_OWN, try_later, GP_LOG_ERROR,
	    "see reason: PostgreSQL is down, or host, user, password or database in DATABASE_URL is wrong",
	    NULL },
	[GP_ERR_DATABASE_REFUSED] = { "database_refused", 503, GP_PHRASE_OWN, try_later,
	    GP_LOG_ERROR, "has gatepost-migrate been run, and may this role use the tables?",
	    NULL },
	[GP_ERR_DATABASE_UNBOUND] = { "database_unbound", 503, GP_PHRASE_OWN, try_later,
	    GP_LOG_ERROR,
	    "the role in DATABASE_URL can bypass row-level security; use gatepost_api", NULL },
	[GP_ERR_COMMIT_UNKNOWN] = { "commit_unknown", 503, GP_PHRASE_OWN,
	    "The outcome of this change is unknown; read before trying again", GP_LOG_ERROR,
	    "the database went away while the transaction was being committed", NULL },
	[GP_ERR_KEYS_UNREACHABLE] = { "keys_unreachable", 503, GP_PHRASE_OWN, try_later,
	    GP_LOG_ERROR, "the keys that could answer have not been read so far; see keys_not_read",
	    NULL },
	[GP_ERR_SEALED] = { "sealed", 500, GP_PHRASE_OWN, "Internal Server Error", GP_LOG_ERROR,
	    "the newest key in Better Auth's jwks table opens with none of BETTER_AUTH_SECRETS and BETTER_AUTH_SECRET; set them right, or expiresAt of that row to the past",
	    NULL },
	[GP_ERR_KEY_FORM] = { "key_form", 500, GP_PHRASE_OWN, "Internal Server Error", GP_LOG_ERROR,
	    "a private key in Better Auth's jwks table is none of Ed25519, or damaged", NULL },
	[GP_ERR_BUSY] = { "busy", 503, GP_PHRASE_OWN, try_later, GP_LOG_ERROR,
	    "more passwords to hash than SCRYPT_CONCURRENCY lets be done in time", NULL },
	[GP_ERR_INTERNAL] = { "internal", 500, GP_PHRASE_OWN, "Internal Server Error", GP_LOG_ERROR,
	    NULL, NULL },
};

const struct gp_outcome_row *
gp_outcome_row(enum gp_outcome outcome)
{
	if ((unsigned)outcome >= GP_OUTCOME_COUNT || rows[outcome].rule == NULL)
		return &rows[GP_ERR_INTERNAL];
	return &rows[outcome];
}
