// SPDX-License-Identifier: Apache-2.0
// Where gatepost does not do as Better Auth does, on purpose, and why. Nothing else may be different.

/** Of one value or header: when a difference at a place of the answer is meant. */
export const valueDifferences = [
	["a web server says which ranges it serves", ({ place, got }) => place === "header accept-ranges" && got === "bytes"],
	["RFC 9110 demands a challenge with each 401", ({ place, expected, got, status }) =>
		place === "header www-authenticate" && status === 401 && expected === undefined && got === "Bearer"],
	["the error page runs nothing, and names its encoding", ({ place, got, body }) => body.startsWith("<!DOCTYPE html>")
		&& ((place === "header content-security-policy" && got === "default-src 'none'")
			|| (place === "header content-type" && got === "text/html; charset=utf-8"))],
	["the client's address is known without a field that says it", ({ place, expected, got }) =>
		/[.]ipAddress$/.test(place) && expected === "" && got === "127.0.0.1"],
];

const isRefused = (wanted, ...texts) => ({ status, body }) => status === wanted && texts.some((text) => body.includes(text));

// What RFC 8259 calls unpredictable, or PostgreSQL cannot hold.
const strangeJson = (body) => (Buffer.isBuffer(body)
	? !body.equals(Buffer.from(body.toString()))
	: /\\u0000|\\ud83d"|"name":"Ann","name"/.test(body ?? ""));

const strangeTypes = ["application/jsonx", "application/json, text/plain"];

function member({ headers, body }, name) {
	if (headers?.["content-type"] !== "application/json" || typeof body !== "string" || !body.startsWith("{")) return undefined;
	try {
		return JSON.parse(body)[name];
	} catch {
		return undefined;
	}
}

const isNoText = (value) => value !== undefined && value !== null && typeof value !== "string";
const isUpdate = ({ path }, { status }) => path === "/update-user" && [200, 401].includes(status);

// Spellings that a browser never sends, of the trusted origin.
const strangeOrigin = ({ headers: { origin, referer, authorization } = {} }) =>
	!authorization && /\/user@127|:03000|0x7f|\/\.wild/.test(origin || referer);
const strangeTarget = (request) => /\/\.wild/.test(member(request, "callbackURL"));

/** Of a whole answer: to which requests, by what Better Auth answers; then what gatepost's must be, or must be like. */
export const answerDifferences = [
	["Better Auth breaks down; the other one blames the request", {
		applies: ({ expected }) => expected.status === 500,
		holds: ({ status, body }) => status >= 400 && status < 500 && body.startsWith('{"'),
	}],
	["RFC 9110 has a name for the seconds to wait", {
		applies: ({ expected }) => expected.status === 429,
		like: (expected) => ({ ...expected, headers: { ...expected.headers, "retry-after": expected.headers["x-retry-after"] } }),
	}],
	["the web server refuses empty segments before anybody is asked", {
		applies: ({ request: { path } }) => path.includes("//"),
		holds: isRefused(400, "400 Bad Request"),
	}],
	["the web server decodes a path, so that its spellings are one", {
		applies: ({ request: { path } }) => path === "/%6fk",
		holds: ({ status, body }) => status === 200 && body === '{"ok":true}',
	}],
	["JSON that readers understand differently is refused", {
		applies: ({ expected, request }) => expected.status !== 415 && strangeJson(request.body),
		holds: isRefused(400, '"Invalid JSON in request body"'),
	}],
	["a media type is compared, not searched for", {
		applies: ({ request: { headers } }) => strangeTypes.includes(headers?.["content-type"]),
		holds: isRefused(415, '"UNSUPPORTED_MEDIA_TYPE"'),
	}],
	["a name or an image that is no text is none", {
		applies: ({ request, expected }) => isUpdate(request, expected)
			&& (isNoText(member(request, "name")) || isNoText(member(request, "image"))),
		holds: isRefused(400, "[body.name] Invalid input: expected string", "[body.image] Invalid input: expected string"),
	}],
	["a name has an end", {
		applies: ({ request, expected }) => isUpdate(request, expected) && member(request, "name")?.length > 1024,
		holds: isRefused(400, "[body.name] Too big"),
	}],
	["an origin that browsers would have to mend is none", {
		applies: ({ request, expected }) => strangeOrigin(request) && request.path !== "/sign-up/email" && expected.status !== 403,
		holds: isRefused(403, '"INVALID_ORIGIN"'),
	}],
	["a target that browsers would have to mend is none", {
		applies: ({ request, expected }) => strangeTarget(request) && expected.status !== 403,
		holds: isRefused(403, '"INVALID_CALLBACK_URL"', "Invalid callbackURL"),
	}],
];
