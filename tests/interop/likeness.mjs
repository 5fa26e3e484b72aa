// SPDX-License-Identifier: Apache-2.0
// Whether an answer is like a recorded one. Ids, tokens, signatures and times are another server's own: for
// a recorded one the answer must have one of the same form in the same place, and from then on the same one
// wherever the recording repeats it. Everything else must be equal.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

const slack_ms = 45_000; // a slow machine; less than any lifetime, and than their differences

// What a recorded text is when it is not to be taken as it stands, and who compares it.
const forms = [
	["a time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "time"],
	["a JWT", /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/, "jwt"],
	["a signed value", /^[A-Za-z0-9]+\.[A-Za-z0-9+/]{43}=$/, "signedValue"],
	["a compact session cache", /^eyJzZXNzaW9uIjp7[\w-]+$/, "compactCache"],
	["32 letters and digits", /^[A-Za-z0-9]{32}$/, "name"],
	["24 letters and digits", /^[A-Za-z0-9]{24}$/, "name"],
	["32 bytes in base64url", /^[\w-]{43}$/, "name"],
];

const base64 = (secret, text, encoding) => createHmac("sha256", secret).update(text).digest(encoding);
const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString());
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const shown = (value) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 600));

/** What stands for the recorded values in the answers of one server. */
export class Likeness {
	#actual = new Map(); // recorded text -> the server's
	#recorded = new Map(); // and back
	#known; // an expression for all that has been learned
	#times = new Map();

	/**
	 * secret: what the server signs with; recordedStart_ms, actualStart_ms: from where times are counted;
	 * deliberate: what may be different, as in differences.mjs
	 */
	constructor({ secret, recordedStart_ms, actualStart_ms, deliberate = [] }) {
		this.secret = secret;
		this.deliberate = deliberate;
		this.starts = { recorded: recordedStart_ms, actual: actualStart_ms };
		this.differences = [];
	}

	/** A recorded text stands for another one; false when one of them already belongs elsewhere. */
	learn(recorded, actual) {
		if (!this.#actual.has(recorded) && !this.#recorded.has(actual)) {
			this.#actual.set(recorded, actual);
			this.#recorded.set(actual, recorded);
			this.#known = undefined;
		}
		return this.#actual.get(recorded) === actual;
	}

	/** A recorded text with what has been learned put into it. */
	translate(text) {
		this.#known ??= new RegExp([...this.#actual.keys()].sort((one, other) => other.length - one.length).map(quoted).join("|"), "g");
		return text.replace(this.#known, (recorded) => this.#actual.get(recorded));
	}

	/** Differences that were found since the last time. */
	takeDifferences() {
		return this.differences.splice(0);
	}

	differ(place, recorded, actual) {
		const { status, body } = this.judged ?? {};
		if (this.deliberate.some(([, holds]) => holds({ place, expected: recorded, got: actual, status, body }))) return;
		this.differences.push(`${place}: expected ${shown(recorded)}, got ${shown(actual)}`);
	}

	// --- values ---

	/** owner: the object that the value is a member of */
	compare(place, recorded, actual, owner = {}) {
		if (typeof recorded === "string" && typeof actual === "string") this.text(place, recorded, actual, owner);
		else if (isTime(recorded) && Number.isInteger(actual)) this.when(place, inMilliseconds(recorded), inMilliseconds(actual));
		else if (!isObject(recorded) || !isObject(actual) || Array.isArray(recorded) !== Array.isArray(actual)) {
			if (!isDeepStrictEqual(recorded, actual)) this.differ(place, recorded, actual);
		} else this.members(place, recorded, Array.isArray(actual) ? this.aligned(recorded, actual) : actual);
	}

	members(place, recorded, actual) {
		for (const name of new Set([...Object.keys(recorded), ...Object.keys(actual)])) {
			const there = `${place}.${name}`;
			if (Object.hasOwn(recorded, name) && Object.hasOwn(actual, name)) this.compare(there, recorded[name], actual[name], recorded);
			else this.differ(there, recorded[name], actual[name]);
		}
	}

	// Lists of sessions have no order.
	aligned(recorded, actual) {
		const rest = [...actual];
		return recorded.map((one) => {
			const at = rest.findIndex((other) => other?.token === this.#actual.get(one?.token));
			return rest.splice(Math.max(at, 0), 1)[0];
		}).concat(rest);
	}

	text(place, recorded, actual, owner) {
		const form = forms.find(([, pattern]) => pattern.test(recorded));
		if (!form) {
			if (this.translate(recorded) !== actual) this.differ(place, this.translate(recorded), actual);
			return;
		}
		const [name, pattern, compare] = form;
		try {
			assert.match(actual, pattern);
			this[compare](place, recorded, actual, owner);
		} catch { // or what is encoded in it cannot be read
			this.differences.push(`${place}: expected ${name}, got ${shown(actual)}`);
		}
	}

	name(place, recorded, actual) {
		if (!this.learn(recorded, actual)) this.differ(place, this.#actual.get(recorded) ?? "a new one", actual);
	}

	time(place, recorded, actual, { id }) {
		this.when(place, Date.parse(recorded), Date.parse(actual));
		const key = `${id} ${place.split(".").at(-1)} ${recorded}`;
		if (id && (this.#times.get(key) ?? actual) !== actual) this.differ(place, this.#times.get(key), actual);
		this.#times.set(key, actual);
	}

	when(place, recorded_ms, actual_ms) {
		const off_ms = actual_ms - this.starts.actual - (recorded_ms - this.starts.recorded);
		if (!(Math.abs(off_ms) < slack_ms)) this.differences.push(`${place}: ${off_ms / 1000} s later than it should be`);
	}

	signedValue(place, recorded, actual) {
		const [[recordedValue, recordedSignature], [value, signature]] = [recorded.split("."), actual.split(".")];
		this.compare(`${place}, value`, recordedValue, value);
		if (base64(this.secret, value, "base64") !== signature) this.differences.push(`${place}: wrong signature`);
		this.learn(recordedSignature, signature);
		this.learn(encodeURIComponent(recordedSignature), encodeURIComponent(signature));
	}

	jwt(place, recorded, actual) {
		const [recordedHeader, recordedPayload, recordedSignature] = recorded.split(".");
		const [header, payload, signature] = actual.split(".");
		this.compare(`${place}, header`, decode(recordedHeader), decode(header));
		if (!isDeepStrictEqual(Object.keys(decode(recordedHeader)), Object.keys(decode(header)))) this.differ(`${place}, header`,
			decode(recordedHeader), decode(header));
		this.compare(`${place}, payload`, decode(recordedPayload), decode(payload));
		if (recordedSignature.length !== signature.length) this.differ(`${place}, length of the signature`, recordedSignature.length,
			signature.length);
		if (decode(header).alg === "HS256" && base64(this.secret, `${header}.${payload}`, "base64url") !== signature) {
			this.differences.push(`${place}: wrong signature`);
		}
	}

	compactCache(place, recorded, actual) {
		const { signature: ignored, ...recordedRest } = decode(recorded);
		const { signature, ...rest } = decode(actual);
		this.compare(place, recordedRest, rest);
		const signed = JSON.stringify({ ...rest.session, expiresAt: rest.expiresAt });
		if (Buffer.from(actual, "base64url").toString("base64url") !== actual) this.differences.push(`${place}: not base64url`);
		if (base64(this.secret, signed, "base64url") !== signature) this.differences.push(`${place}: wrong signature`);
	}

	// --- answers ---

	/** An answer is { status, headers, body }; a recorded one without a body may have any. */
	answer(recorded, actual) {
		this.judged = actual;
		if (recorded.status !== actual.status) this.differ("status", recorded.status, actual.status);
		this.headers(recorded.headers, actual.headers);
		this.cookies(recorded.headers["set-cookie"] ?? [], actual.headers["set-cookie"] ?? []);
		if (recorded.body !== undefined) this.body(recorded, actual);
	}

	body(recorded, actual) {
		if (recorded.headers["content-type"] !== "application/json" || recorded.body === "") {
			if (recorded.body !== actual.body) this.differ("body", recorded.body, actual.body);
			return;
		}
		let json;
		try {
			json = JSON.parse(actual.body);
		} catch {
			return this.differ("body", JSON.parse(recorded.body), actual.body);
		}
		this.compare("body", JSON.parse(recorded.body), json);
	}

	headers(recorded, actual) {
		for (const name of new Set([...Object.keys(recorded), ...Object.keys(actual)])) {
			if (name === "set-cookie" || mayBeAdded(name, recorded, actual)) continue;
			if (recorded[name] === undefined || actual[name] === undefined) this.differ(`header ${name}`, recorded[name], actual[name]);
			else if (judges[name]) judges[name](this, recorded[name], actual[name], actual);
			else this.compare(`header ${name}`, recorded[name], actual[name]);
		}
	}

	cookies(recorded, actual) {
		if (recorded.length !== actual.length) return this.differ("set-cookie", recorded, actual);
		recorded.forEach((line, index) => this.cookie(`set-cookie ${index}`, cookieParts(line), cookieParts(actual[index])));
	}

	cookie(place, recorded, actual) {
		if (recorded.name !== actual.name) this.differ(`${place}, name`, recorded.name, actual.name);
		if (recorded.attributes !== actual.attributes) this.differ(`${place}, attributes`, recorded.attributes, actual.attributes);
		if (encodeURIComponent(actual.value) !== actual.encoded) this.differ(`${place}, encoding`, encodeURIComponent(actual.value),
			actual.encoded);
		this.compare(`${place}, value`, recorded.value, actual.value);
	}
}

// Headers that are judged otherwise than for being the same.
const judges = {
	"x-retry-after": seconds,
	"retry-after": seconds,
	// A server that answers other origins names more.
	"access-control-expose-headers": (likeness, recorded, actual, headers) => {
		const named = (list) => list.toLowerCase().split(/ *, */);
		const missing = named(recorded).filter((name) => !named(actual).includes(name));
		if (missing.length || (!headers["access-control-allow-origin"] && recorded !== actual)) {
			likeness.differ("header access-control-expose-headers", recorded, actual);
		}
	},
};

// What is left of a window can only be less than when it was recorded, but for the end of a second.
function seconds(likeness, recorded, actual) {
	if (!/^[1-9]\d*$/.test(actual) || Number(actual) > Number(recorded) + 1) likeness.differ("seconds to wait", recorded, actual);
}

const additions = new Set(["connection", "content-length", "date", "keep-alive", "server", "transfer-encoding", "vary",
	"x-content-type-options", "x-request-id"]);

function mayBeAdded(name, recorded, actual) {
	if (recorded[name] !== undefined) return false;
	if (name === "cache-control") return actual[name] === "no-store";
	if (name === "access-control-expose-headers") return actual["access-control-allow-origin"] !== undefined;
	return additions.has(name) || name.startsWith("access-control-allow-");
}

function cookieParts(line) {
	const [, name, encoded, attributes] = line.match(/^([^=]*)=([^;]*)(.*)$/);
	let value = encoded;
	try {
		value = decodeURIComponent(encoded);
	} catch {
		// The comparison of the encodings tells.
	}
	return { name, value, encoded, attributes };
}

const isObject = (value) => typeof value === "object" && value !== null;

// Numbers as large as these are seconds or milliseconds since 1970.
const isTime = (value) => Number.isInteger(value) && value > 1e9;
const inMilliseconds = (time) => (time > 1e11 ? time : time * 1000);
