// SPDX-License-Identifier: Apache-2.0
// Users: those who are only a name in a token, and those with an account and sessions.
import { randomBytes } from "node:crypto";
import { secret } from "./secrets.mjs";

export const newUser = () => `user-${randomBytes(8).toString("hex")}`;
const password = "correct horse battery";

async function post(site, path, body, headers = {}) {
	const origin = new URL(site.settings.BETTER_AUTH_URL).origin;
	const response = await fetch(`${site.url}/api/auth${path}`, {
		method: "POST", headers: { Origin: origin, "Content-Type": "application/json", ...headers }, body: JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`POST ${path} answered ${response.status} ${await response.text()}`);
	return response;
}

/** Somebody who is signed in: id, email, rawSession, and the cookie's value as it was sent. */
export async function signUp(site) {
	const email = `${newUser()}@example.com`;
	return person(site, email, await post(site, "/sign-up/email", { name: "Pat", email, password }));
}

export async function signIn(site, email) {
	return person(site, email, await post(site, "/sign-in/email", { email, password }));
}

async function person(site, email, response) {
	const [cookie] = response.headers.getSetCookie().filter((line) => line.startsWith("better-auth.session_token="));
	const { token, user } = await response.json();
	const encoded = cookie.slice(cookie.indexOf("=") + 1).split(";")[0];
	return { id: user.id, email, rawSession: secret(token), encodedSession: secret(encoded), signedSession: secret(decodeURIComponent(encoded)) };
}

export function signOut(site, { encodedSession }) {
	return post(site, "/sign-out", {}, { Cookie: `better-auth.session_token=${encodedSession}` });
}

/** A JWT of the sign-in's own key pair. */
export async function tokenFromSession(site, { rawSession }) {
	const response = await fetch(`${site.url}/api/auth/token`, { headers: { Authorization: `Bearer ${rawSession}` } });
	if (!response.ok) throw new Error(`GET /token answered ${response.status} ${await response.text()}`);
	return secret((await response.json()).token);
}
