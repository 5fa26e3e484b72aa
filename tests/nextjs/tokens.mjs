// SPDX-License-Identifier: Apache-2.0
// How long access lasts: a JWT to its exp, whatever becomes of the session, and the session token to signing out.
import { createHmac } from "node:crypto";
import { same, shows } from "./judge.mjs";
import { with_jwt, with_session } from "./window.mjs";

const encoded = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** As app/api/token makes it, an hour ago. */
function expiredToken(site, { id, email, name }) {
	const iat = Math.floor(Date.now() / 1000) - 3600;
	const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded({ sub: id, email, name, type: "access", iat, exp: iat + 900 })}`;
	return `${signed}.${createHmac("sha256", site.secret).update(signed).digest("base64url")}`;
}

export async function tokens(site, { check }) {
	await check("a JWT that gatepost refuses as expired is fetched anew", async () => {
		const ann = await site.person("Ann");
		const window = await site.window(ann);
		const old = expiredToken(site, ann);
		same((await site.ask("/api/v1/todos", old)).status, 401);
		await window.page.route("**/api/token", (route) => route.fulfill({ json: { token: old, expires_in: 900 } }), { times: 1 });
		await window.go("/dashboard");
		await shows(window.list(with_jwt).region.getByText("No tasks yet."));
		const sent = window.asked("/api/v1/todos").map(({ headers }) => headers.authorization === `Bearer ${old}`);
		same([sent[0], sent.at(-1)], [true, false]);
		window.permit(/ 401 \(unauthorized\) \S*\/todos$/i);
	});

	await check("a JWT is renewed before it expires, and only then", async () => {
		const window = await site.window(await site.person("Ann"));
		await window.page.clock.install();
		await window.go("/dashboard");
		const list = window.list(with_jwt);
		await list.add("Water the plants");
		await shows(list.box("Water the plants"));
		const fetched = () => window.requests.filter(({ url }) => url === `${site.url}/api/token`).length;
		same(fetched(), 1);
		await window.page.clock.fastForward("14:30");
		await list.add("Feed the cat");
		await shows(list.box("Feed the cat"));
		same(fetched(), 2);
	});

	const ann = await site.person("Ann");
	const window = await site.window(ann);
	await check("signing out ends the session token at gatepost, and the JWT lives to its exp", async () => {
		await window.go("/dashboard");
		await shows(window.list(with_session).region.getByText("No tasks yet."));
		const token = window.tokenFor("/api/v1/todos");
		const statuses = () => Promise.all([ann.session, token].map(async (one) => (await site.ask(`/api/${ann.id}/tasks`, one)).status));
		same(await statuses(), [200, 200]);
		await window.button("Sign out").click();
		await window.arrives("/login");
		same(await statuses(), [401, 200]);
	});
	await check("then there is neither a page nor a new JWT", async () => {
		await window.go("/dashboard");
		await window.arrives("/login");
		const response = await window.page.request.get(`${site.url}/api/token`);
		same([response.status(), response.headers()["cache-control"]], [401, "no-store"]);
	});

	await check("a session that was ended elsewhere leads to the form, through either API", async () => {
		for (const title of [with_session, with_jwt]) {
			const bob = await site.person("Bob");
			const other = await site.window(bob);
			await other.go("/dashboard");
			const list = other.list(title);
			await shows(list.region.getByText("No tasks yet."));
			const response = await fetch(`${site.gatepost}/api/auth/sign-out`, {
				method: "POST", headers: { Origin: site.gatepost, Cookie: `better-auth.session_token=${bob.cookie}`, "Content-Type": "application/json" }, body: "{}",
			});
			same(response.status, 200);
			// The cookies still say that there is one.
			same((await other.page.request.get(`${site.url}/api/token`)).status(), 401);
			if (title === with_jwt) await other.page.reload(); // forgets the JWT
			else await list.add("Too late");
			await other.arrives("/login");
			other.permit(/ 401 \(unauthorized\) /i);
		}
	});

	await check("Better Auth does not take such a JWT for the link in a mail", async () => {
		const response = await fetch(`${site.url}/api/auth/verify-email?token=${expiredToken(site, ann)}`, { redirect: "manual" });
		same(response.status, 404);
	});
	await check("a token is kept by nothing on the way, and no other origin may read it", async () => {
		const { cookie } = await site.person("Carol");
		const fields = { Cookie: `better-auth.session_token=${cookie}`, Origin: "http://localhost:1" };
		const response = await fetch(`${site.url}/api/token`, { headers: fields });
		same(["cache-control", "access-control-allow-origin"].map((name) => response.headers.get(name)), ["no-store", null]);
		site.secrets.add((await response.json()).token);
	});
}
