// SPDX-License-Identifier: Apache-2.0
// JWTs with the shared secret, good ones and others. Each is noted as a secret.
import { createHmac } from "node:crypto";
import { secret } from "./secrets.mjs";

const encoded = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
export const now_s = () => Math.floor(Date.now() / 1000);

/** claims: as they are; header: its members besides alg */
export function signed(key, claims, { alg = "HS256", header = { typ: "JWT" } } = {}) {
	const text = `${encoded({ alg, ...header })}.${encoded(claims)}`;
	const signature = alg === "none" ? "" : createHmac("sha256", key).update(text).digest("base64url");
	return secret(`${text}.${signature}`);
}

/** What a back end that follows the seeds accepts, and all four APIs. */
export function claimsOf(user, more = {}) {
	const iat = now_s();
	return { sub: user, email: `${user}@example.com`, name: "Somebody", iat, exp: iat + 1800, ...more };
}

/** A good token of exactly so many bytes; its length must not be 1 modulo 4 off what base64url can have. */
export function ofLength(length, make) {
	let low = 0, high = length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (make("x".repeat(middle)).length < length) low = middle + 1;
		else high = middle;
	}
	return make("x".repeat(low));
}
