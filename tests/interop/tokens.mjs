// SPDX-License-Identifier: Apache-2.0
// Credentials with something wrong in them, made from good ones or from nothing.
import { createHmac, randomBytes } from "node:crypto";
import { decodeProtectedHeader, SignJWT } from "jose";

export const keyOf = (token) => decodeProtectedHeader(token).kid;
export const algorithmOf = (token) => decodeProtectedHeader(token).alg;

/** One bit of the signature is another: of a JWT, or of a signed session token, not percent-encoded. */
export function withAlteredSignature(credential) {
	const dot = credential.lastIndexOf(".");
	const encoding = credential.endsWith("=") ? "base64" : "base64url";
	const signature = Buffer.from(credential.slice(dot + 1), encoding);
	signature[signature.length >> 1] ^= 1;
	return `${credential.slice(0, dot)}.${signature.toString(encoding)}`;
}

/** claims: sub and the like; iat and exp are added; key: a string is a secret, as its UTF-8 bytes */
export function sharedSecretToken(claims, key, { expires = "15m" } = {}) {
	return new SignJWT(claims)
		.setProtectedHeader({ alg: "HS256" })
		.setIssuedAt()
		.setExpirationTime(expires)
		.sign(typeof key === "string" ? new TextEncoder().encode(key) : key);
}

/** The claims of a token under another header, signed by a function of what is signed. */
export function withHeader(token, header, sign = () => "") {
	const signed = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${token.split(".")[1]}`;
	return `${signed}.${sign(signed)}`;
}

export const hmac = (key) => (text) => createHmac("sha256", key).update(text).digest("base64url");

export function unknownSession() {
	return Array.from(randomBytes(32), (byte) => "abcdefghijklmnopqrstuvwxyzABCDEF"[byte % 32]).join("");
}
