// SPDX-License-Identifier: Apache-2.0
//
// Who is signed in, and requests in their name. The session is a cookie that no script can read. The access
// token that the API and the WebSocket want is held in this module's memory alone, and replaced before it expires.

// Where gatepost-auth.fcgi answers: the path of BETTER_AUTH_URL where it has one.
const auth = "/api/auth";

const renewAheadMs = 60_000; // a token is replaced when it has less than this left
const answerWithinMs = 30_000; // then a server that is silent counts as gone
const freshMs = 30_000; // for so long nobody asks again who is here because the page is looked at

let access = null; // { token, renewAt }: what the API wants, and by Date.now() the time for the next one
let asking = null; // the question that is under way, so that many callers ask once
let knownUser = null; // the id of the one whom this page is about
let askedAt = 0; // by Date.now()

// What a person is told when an answer was no good. status is HTTP's, 0 where there was no answer at all.
export class Failure extends Error {
	constructor(status, message, { code = "", retryAfter = 0 } = {}) {
		super(message);
		this.status = status;
		this.code = code;
		this.retryAfter = retryAfter; // seconds
	}
}

// --- one request ---

async function send(method, path, { body, token } = {}) {
	const headers = {};
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (token) headers.Authorization = `Bearer ${token}`;
	let response;
	let text;
	try {
		response = await fetch(path, {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
			// The API is asked with a token; what it does not need does not go there.
			credentials: token ? "omit" : "same-origin",
			cache: "no-store",
			signal: AbortSignal.timeout(answerWithinMs),
		});
		text = await response.text();
	} catch {
		throw new Failure(0, "The server cannot be reached.");
	}
	const answer = readJson(text);
	if (!response.ok) throw failureOf(response, answer);
	if (answer === undefined) throw new Failure(0, "The server's answer was not understood.");
	return { answer, headers: response.headers };
}

function readJson(text) {
	if (text === "") return null;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function failureOf(response, answer) {
	const code = /^[A-Z_]+$/.test(answer?.code) ? answer.code : "";
	const retryAfter = Number.parseInt(response.headers.get("Retry-After"), 10) || 0;
	if (response.status === 429) return new Failure(429, `Too many requests. ${tryAgain(retryAfter)}`, { code, retryAfter });
	return new Failure(response.status, wordsOf(answer) || `The server answered ${response.status}.`, { code, retryAfter });
}

export function tryAgain(seconds) {
	return `Try again in ${seconds === 1 ? "a second" : `${seconds || "some"} seconds`}.`;
}

// The API says {"detail": "…"}, or a list of faults; sign-in says {"message": "…"}.
function wordsOf(answer) {
	const detail = answer?.detail ?? answer?.message;
	if (typeof detail === "string") return detail;
	if (!Array.isArray(detail)) return "";
	return detail.map((fault) => `${fault?.loc?.at?.(-1) ?? "request"}: ${fault?.msg}`).join("; ");
}

// --- who is signed in ---

// Their session and user as { session, user }, or null. Brings an access token along.
export async function whoIsHere() {
	asking ??= ask().finally(() => {
		asking = null;
	});
	return asking;
}

async function ask() {
	// By the database: where SESSION_COOKIE_CACHE is on the cookie would say "signed in" for minutes more, and the
	// page of sign-in would send whoever comes there back to a page that sends them there.
	const { answer, headers } = await send("GET", `${auth}/get-session?disableCookieCache=true`);
	access = null;
	askedAt = Date.now();
	if (!answer?.user) return null;
	if (knownUser !== null && knownUser !== answer.user.id) return beginAnew();
	keepToken(headers.get("set-auth-jwt") ?? (await send("GET", `${auth}/token`)).answer.token);
	knownUser = answer.user.id;
	return answer;
}

// Somebody else has signed in meanwhile: nothing of the one before may stay on the page.
function beginAnew() {
	location.reload();
	return new Promise(() => {});
}

// By its own lifetime, because the clock of this machine may be wrong.
function keepToken(token) {
	const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
	const { iat, exp } = JSON.parse(atob(payload));
	const lifetimeMs = (exp - iat) * 1000;
	access = { token, renewAt: Date.now() + lifetimeMs - Math.min(renewAheadMs, lifetimeMs / 2) };
}

// The one who is signed in. Where nobody is, this page is left and the promise stays open.
export async function requireUser() {
	const here = await whoIsHere();
	return here ?? goToSignIn();
}

// An access token that is good for a while. After the API refused one, ask for { fresh: true }.
export async function accessToken({ fresh = false } = {}) {
	if (fresh || !access || Date.now() >= access.renewAt) await requireUser();
	return access.token;
}

// --- requests ---

// Of Better Auth's endpoints, by the cookie. Returns the answer's JSON.
export async function askAuth(method, path, body) {
	return (await send(method, auth + path, { body })).answer;
}

// The same for those that only somebody signed in may ask.
export async function askAuthAsUser(method, path, body) {
	try {
		return await askAuth(method, path, body);
	} catch (failure) {
		if (failure.status !== 401) throw failure;
		return goToSignIn();
	}
}

// Of the API, by the access token. Returns { answer, headers }.
export async function askApi(method, path, body) {
	try {
		return await send(method, path, { body, token: await accessToken() });
	} catch (failure) {
		if (failure.status !== 401) throw failure;
	}
	const token = await accessToken({ fresh: true });
	try {
		return await send(method, path, { body, token });
	} catch (failure) {
		if (failure.status !== 401) throw failure;
		// They are signed in all the same, and the page of sign-in would send them back here, again and again.
		throw new Failure(401, "The server does not accept your sign-in. Sign out, and in again.");
	}
}

// --- coming and going ---

const otherTabs = new BroadcastChannel("gatepost");

// A tab shows nothing more of somebody who has signed out in another.
otherTabs.addEventListener("message", () => {
	if (knownUser !== null) leaveFor("/login/");
});

// Neither does one that the Back button brings out of the browser's memory, until it has asked again.
addEventListener("pageshow", (event) => {
	if (event.persisted) location.reload();
});

// A session that was ended elsewhere ends here, at the latest, when somebody looks at the page again.
function askAgain() {
	const isLookedAt = document.visibilityState === "visible" && document.hasFocus();
	if (isLookedAt && knownUser !== null && Date.now() - askedAt > freshMs) requireUser().catch(() => {});
}

addEventListener("focus", askAgain);
document.addEventListener("visibilitychange", askAgain);

export async function signOut() {
	knownUser = null; // what else is under way and finds nobody here has no session to call ended
	await askAuth("POST", "/sign-out", {});
	return leaveFor("/login/", { everywhere: true });
}

let isLeaving = false;

// The promise stays open, so that nobody goes on meanwhile. Whoever comes first knows why.
export function leaveFor(address, { everywhere = false } = {}) {
	access = null;
	if (everywhere) otherTabs.postMessage("signed out");
	if (!isLeaving) location.replace(address);
	isLeaving = true;
	return new Promise(() => {});
}

// Back here after signing in.
export function goToSignIn() {
	const query = new URLSearchParams();
	const here = location.pathname + location.search;
	if (here !== "/") query.set("next", here);
	if (knownUser !== null) query.set("ended", "");
	// signOut() may not get to tell the other tabs any more.
	return leaveFor(query.size > 0 ? `/login/?${query}` : "/login/", { everywhere: knownUser === null });
}
