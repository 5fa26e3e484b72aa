// SPDX-License-Identifier: Apache-2.0
// Tokens for as many users as a test wants, signed with the secret that the instance shares.
import { createHmac } from "node:crypto";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** HS256, good for `seconds` from now on; the secret is that of BETTER_AUTH_SECRET. */
export function tokenFor(user, seconds = 3600) {
	const now = Math.floor(Date.now() / 1000);
	const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: user, iat: now, exp: now + seconds })}`;
	return `${signed}.${createHmac("sha256", process.env.BETTER_AUTH_SECRET).update(signed).digest("base64url")}`;
}
