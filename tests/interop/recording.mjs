// SPDX-License-Identifier: Apache-2.0
// The recorded exchanges with a Better Auth server: which settings each was recorded with, what had been
// done to the database before it, and where another answer is demanded because the recorded one has a flaw.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const unlimited = { AUTH_RATE_LIMIT: "off" };

/** The settings that differ between the servers of the recording. */
export const variants = {
	main: { ...unlimited, BETTER_AUTH_URL: "http://127.0.0.1:3000", DELETE_USER: "on", MAIL_FROM: "auth@example.com" },
	https: { ...unlimited, BETTER_AUTH_URL: "https://auth.example.test" },
	compact: { ...unlimited, BETTER_AUTH_URL: "http://127.0.0.1:3002", SESSION_COOKIE_CACHE: "compact", DELETE_USER: "off" },
	jwt: { ...unlimited, BETTER_AUTH_URL: "http://127.0.0.1:3003", SESSION_COOKIE_CACHE: "jwt" },
	limited: { BETTER_AUTH_URL: "http://127.0.0.1:3004", AUTH_RATE_LIMIT: "on" },
};

const { exchanges: all } = JSON.parse(await readFile(new URL("exchanges.json", import.meta.url), "utf8"));

/** In their order; not the one with a route that is not Better Auth's. */
export const exchanges = all.filter(({ id }) => id !== "hs256").map(({ server = "main", ...rest }) => ({ variant: server, ...rest }));

const find = (id) => exchanges.find((exchange) => exchange.id === id);
const signUp = find("sign-up");
const { email, createdAt } = JSON.parse(signUp.response.body).user;

export const start_ms = Date.parse(createdAt);

/** What another program is to answer instead. */
export const corrections = {
	// The session has expired, and yet there is a JWT for it.
	"get-session-expired": ({ headers: { "set-auth-jwt": jwt, "access-control-expose-headers": exposed, ...headers }, ...rest }) =>
		({ ...rest, headers }),
	"rate-limited": ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, "retry-after": headers["x-retry-after"] } }),
};

/** What had been done before an exchange was recorded; act has send, sql, learn and translate. */
export const preparations = {
	"ok": async ({ sql }) => {
		await sql(`delete from "user" where email = $1`, [email]);
		await sql("delete from jwks");
	},
	"get-session-refresh": (act) => moveEnd(act, find("get-session-refresh"), "5 days 23 hours"),
	"reset-callback": async ({ sql, learn }) => {
		const [row] = await sql(`select identifier from verification where value = (select id from "user" where email = $1)
			and identifier like 'reset-password:%' order by "createdAt" desc limit 1`, [email]);
		const recorded = find("reset-callback").request.path.match(/reset-password\/(\w+)/)[1];
		if (row) learn(recorded, row.identifier.slice("reset-password:".length));
	},
	"rate-limited": async ({ send }) => {
		for (let allowed = 0; allowed < 3; ) {
			const { status, headers } = await send("limited", { ...find("rate-limited").request });
			if (status !== 429) allowed++;
			else [allowed] = [0, await sleep(1000 * Math.min(headers["x-retry-after"], 11))];
		}
	},
	"get-session-expired": async (act) => {
		await signInFor(act, find("get-session-expired"));
		await moveEnd(act, find("get-session-expired"), "-1 minute");
	},
	"delete-user-off": (act) => signInFor(act, find("delete-user")),
	"delete-user": (act) => signInFor(act, find("delete-user")), // the same cookie
};

const tokenOf = ({ request }) => decodeURIComponent(request.headers.cookie.match(/session_token=([^;]*)/)[1]);

function moveEnd({ sql, translate }, exchange, interval) {
	return sql(`update session set "expiresAt" = now() + $1::interval where token = $2`,
		[interval, translate(tokenOf(exchange).split(".")[0])]);
}

// The exchange's cookie is of a sign-in that was not recorded.
async function signInFor({ send, learn, translate }, exchange) {
	const recorded = tokenOf(exchange).split(".");
	if (translate(recorded[0]) !== recorded[0]) return;
	const { headers } = await send("main", find("sign-in").request);
	(headers["set-auth-token"] ?? ".").split(".").forEach((part, index) => {
		learn(recorded[index], part);
		learn(encodeURIComponent(recorded[index]), encodeURIComponent(part));
	});
}
