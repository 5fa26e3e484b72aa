// SPDX-License-Identifier: Apache-2.0
// A Better Auth server as an application has it: e-mail and password, bearer and jwt plugins, and the
// token route that applications write themselves for HS256. Its options come by environment; what it has
// to tell (its port, the mail it would send) goes to standard output, one JSON object a line. It ends
// when its standard input does, so that none outlives the test.
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import { bearer, jwt } from "better-auth/plugins";
import { SignJWT } from "jose";
import pg from "pg";

const {
	APP_URL, // the origin that browsers see, and so the issuer; need not be where this listens
	AUTH_DATABASE_URL,
	BETTER_AUTH_SECRET,
	KEY_ALGORITHM, // of the jwt plugin; its default when empty
	KEY_ROTATION_SECONDS, // a key signs that long
	TOKEN_PAYLOAD, // "small": a definePayload that leaves out the user
	SESSION_CACHE, // "secret" or "key": session cookie cache as JWT, signed with one or the other
} = process.env;

const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const pool = new pg.Pool({ connectionString: AUTH_DATABASE_URL, max: 3 });

const auth = betterAuth({
	baseURL: APP_URL,
	secret: BETTER_AUTH_SECRET,
	database: pool,
	emailAndPassword: { enabled: true },
	emailVerification: { sendVerificationEmail: async ({ user, token }) => tell({ mail: { to: user.email, token } }) },
	user: { deleteUser: { enabled: true } },
	session: { cookieCache: { enabled: Boolean(SESSION_CACHE), strategy: "jwt" } },
	rateLimit: { enabled: false },
	telemetry: { enabled: false },
	logger: { level: "error" },
	plugins: [
		bearer(),
		jwt({
			sessionCookieCache: SESSION_CACHE === "key",
			jwks: {
				keyPairConfig: KEY_ALGORITHM ? { alg: KEY_ALGORITHM } : undefined,
				rotationInterval: Number(KEY_ROTATION_SECONDS) || undefined,
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
		.sign(new TextEncoder().encode(BETTER_AUTH_SECRET));
	return response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ token }));
}

const answerAuth = toNodeHandler(auth);
const server = createServer((request, response) =>
	request.url === "/api/token" ? answerToken(request, response) : answerAuth(request, response));

const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
server.listen(0, "127.0.0.1", () =>
	tell({ port: server.address().port, missing: [...toBeCreated, ...toBeAdded].map((change) => change.table) }));
process.stdin.on("end", () => process.exit(0)).resume();
