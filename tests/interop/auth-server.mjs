// SPDX-License-Identifier: Apache-2.0
// A Better Auth server as an application has it: e-mail and password, bearer and jwt plugins, and the
// token route that applications write themselves for HS256. Its options come by environment, under
// gatepost's names where it has them; the secrets are read by Better Auth itself. What it has to tell (its
// port, the mail it would send) goes to standard output, one JSON object a line. It ends when its standard
// input does, so that none outlives the test.
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import { bearer, jwt } from "better-auth/plugins";
import { SignJWT } from "jose";
import pg from "pg";

const {
	BETTER_AUTH_URL, // the origin that browsers see, and so the issuer; need not be where this listens
	AUTH_DATABASE_URL,
	KEY_ALGORITHM, // of the jwt plugin; its default when empty
	KEY_ROTATION_SECONDS, // a key signs that long
	TOKEN_PAYLOAD, // "small": a definePayload that leaves out the user
	SESSION_COOKIE_CACHE, // "compact", "jwt", or "jwt-key": jwt, signed with a key instead of the secret
	SESSION_COOKIE_CACHE_MAX_AGE,
	SESSION_EXPIRES_IN,
	SESSION_UPDATE_AGE,
	SESSION_FRESH_AGE,
	REQUIRE_EMAIL_VERIFICATION,
	AUTH_RATE_LIMIT,
	SIGN_UP,
	DELETE_USER,
	MAIL_FROM, // there is mail
	TRUSTED_PROXIES,
} = process.env;

const seconds = (text) => (text ? Number(text) : undefined);
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const mail = async ({ user, token, url }) => tell({ mail: { to: user.email, token, url } });
const pool = new pg.Pool({ connectionString: AUTH_DATABASE_URL, max: 3 });

const auth = betterAuth({
	baseURL: BETTER_AUTH_URL,
	database: pool,
	emailAndPassword: {
		enabled: true,
		disableSignUp: SIGN_UP === "off",
		requireEmailVerification: REQUIRE_EMAIL_VERIFICATION === "on",
		sendResetPassword: MAIL_FROM ? mail : undefined,
	},
	emailVerification: { sendVerificationEmail: MAIL_FROM ? mail : undefined },
	user: { deleteUser: { enabled: DELETE_USER === "on" } },
	session: {
		expiresIn: seconds(SESSION_EXPIRES_IN),
		updateAge: seconds(SESSION_UPDATE_AGE),
		freshAge: seconds(SESSION_FRESH_AGE),
		cookieCache: {
			enabled: ["compact", "jwt", "jwt-key"].includes(SESSION_COOKIE_CACHE),
			strategy: SESSION_COOKIE_CACHE === "compact" ? "compact" : "jwt",
			maxAge: seconds(SESSION_COOKIE_CACHE_MAX_AGE),
		},
	},
	rateLimit: { enabled: AUTH_RATE_LIMIT === "on" },
	advanced: { ipAddress: { trustedProxies: TRUSTED_PROXIES?.split(",") } },
	telemetry: { enabled: false },
	logger: { level: "error" },
	plugins: [
		bearer(),
		jwt({
			sessionCookieCache: SESSION_COOKIE_CACHE === "jwt-key",
			jwks: {
				keyPairConfig: KEY_ALGORITHM ? { alg: KEY_ALGORITHM } : undefined,
				rotationInterval: seconds(KEY_ROTATION_SECONDS),
			},
			jwt: TOKEN_PAYLOAD === "small" ? { definePayload: () => ({ role: "member" }) } : {},
		}),
	],
});

// What front ends do whose back end only knows the shared secret.
async function answerToken(request, response) {
	const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
	if (!session) return response.writeHead(401).end();
	const { id, email, name } = session.user;
	const token = await new SignJWT({ email, name })
		.setProtectedHeader({ alg: "HS256" })
		.setSubject(id)
		.setIssuedAt()
		.setExpirationTime("15m")
		.sign(new TextEncoder().encode(process.env.BETTER_AUTH_SECRET));
	return response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ token }));
}

const answerAuth = toNodeHandler(auth);
const server = createServer((request, response) =>
	request.url === "/api/token" ? answerToken(request, response) : answerAuth(request, response));

const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
server.listen(0, "127.0.0.1", () =>
	tell({ port: server.address().port, missing: [...toBeCreated, ...toBeAdded].map((change) => change.table) }));
process.stdin.on("end", () => process.exit(0)).resume();
