// SPDX-License-Identifier: Apache-2.0
// Handshakes and frames that are wrong, by raw sockets, and connections that say nothing or stop half way, while a
// client that is in order goes on being told of changes.
//
// usage: node fuzz.mjs SOCKET [--seconds N] [--seed N] [--silent N] [--only NAME]
//
// SOCKET is the daemon's. Prints figures, one to a line, and what was wrong.
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask } from "./api.mjs";
import { opened } from "./client.mjs";
import { brokenFrames, closeFrameIn, codeIn, farewell, frame, frameNames } from "./frames.mjs";
import { brokenHandshake, goodHandshake, handshakeNames } from "./handshakes.mjs";
import { seeded } from "./random.mjs";
import { tokenFor } from "./token.mjs";

const { values, positionals: [socketPath] } = parseArgs({
	allowPositionals: true,
	options: {
		seconds: { type: "string", default: "15" },
		seed: { type: "string" },
		silent: { type: "string", default: "1500" },
		only: { type: "string" },
	},
});
const random = seeded(values.seed);
const url = `ws+unix:${socketPath}:/ws/notifications`;
const patience_ms = 6_000; // for what the daemon has to do at once; it may be a slow build
const silence_ms = 25_000; // in which whoever says nothing has to be gone
const stopAt = performance.now() + Number(values.seconds) * 1000;
const figures = { handshakes: 0, unseen: 0, unanswered: 0, malformed_answers: 0, frames: 0, not_ended: 0, wrong_codes: 0, wrongly_ended: 0, not_let_in: 0 };
const statuses = new Map();
const complaints = new Map();

const isOver = () => performance.now() >= stopAt;

function complain(figure, text) {
	figures[figure]++;
	const key = `${figure}: ${text}`;
	complaints.set(key, (complaints.get(key) ?? 0) + 1);
}

/** A raw connection: what came so far, and whether and how the daemon ended it. */
function connect() {
	const socket = net.connect({ path: socketPath, allowHalfOpen: true });
	const peer = { socket, received: Buffer.alloc(0), ended: false, error: null };
	let notify = () => {};
	const changed = () => { notify(); };
	socket.on("data", (data) => { peer.received = Buffer.concat([peer.received, data]); changed(); });
	socket.on("end", () => { peer.ended = true; changed(); });
	socket.on("close", () => { peer.ended = true; changed(); });
	socket.on("error", (error) => { peer.error = error.code; peer.ended = true; changed(); });
	/** Resolves once the condition holds or the time is over; says whether it does. */
	peer.until = async (condition, limit_ms) => {
		const timer = setTimeout(changed, limit_ms);
		const limit = performance.now() + limit_ms - 1;
		while (!condition() && performance.now() < limit) await new Promise((resolve) => { notify = resolve; });
		clearTimeout(timer);
		return condition();
	};
	return peer;
}

async function send(peer, parts) {
	for (const part of parts) {
		if (peer.ended || peer.socket.destroyed) return;
		peer.socket.write(part);
		if (parts.length < 400) await new Promise((resolve) => setImmediate(resolve));
	}
}

// --- handshakes ---

const wholeHead = (bytes) => bytes.includes("\r\n\r\n");

/** Whether a complete answer in HTTP has come, and the connection may end. */
function answerOf(received) {
	const text = received.toString("latin1");
	const end = text.indexOf("\r\n\r\n");
	const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n/.exec(text);
	if (head === null || end < 0) return null;
	const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
	return { status: head[1], head: text.slice(0, end), body: text.slice(end + 4), length: length && Number(length[1]) };
}

function judgeAnswer(name, answer, isHead) {
	statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
	if (answer.status === "101") return;
	const isPage = answer.status === "200" || answer.status === "204" || isHead; // /metrics and the like
	if (!/\r\nconnection: close/i.test(answer.head)) complain("malformed_answers", `${name}: no Connection: close`);
	else if (!isHead && answer.body.length !== (answer.length ?? 0)) complain("malformed_answers", `${name}: ${answer.status} with another length`);
	else if (!isPage && !/^\{"detail":/.test(answer.body)) complain("malformed_answers", `${name}: ${answer.status} without detail`);
}

async function attackHandshake(name) {
	const peer = connect();
	const token = random.once(2) ? tokenFor(`fuzz-${random.below(500)}`) : "no-token";
	const attack = brokenHandshake(random, token, name);
	const stops = random.once(3); // the client sends no more
	await send(peer, attack.parts);
	if (stops) peer.socket.end();
	figures.handshakes++;
	const sent = Buffer.concat(attack.parts);
	const mustAnswer = stops || wholeHead(sent) || sent.length > 40 * 1024;
	await peer.until(() => peer.ended || answerOf(peer.received)?.status === "101", mustAnswer ? patience_ms : 300);
	const answer = answerOf(peer.received);
	if (peer.error === "EPIPE") figures.unseen++; // Node gives up what came when it cannot send
	else if (answer !== null) judgeAnswer(attack.name, answer, /^HEAD /.test(sent.toString("latin1", 0, 5)));
	else if (peer.ended) complain("unanswered", `${attack.name}: ended without an answer (${peer.error})`);
	else if (mustAnswer) complain("unanswered", `${attack.name}: nothing within ${patience_ms} ms`);
	if (answer === null && peer.ended && peer.error !== "EPIPE" && figures.unanswered < 5) console.log(`# ${JSON.stringify(sent.toString("latin1").slice(0, 400))}`);
	peer.socket.destroy();
}

// --- frames ---

function judgeEnd(peer, { name, ends }) {
	const closeFrame = closeFrameIn(peer.received);
	if (peer.error === "EPIPE") figures.unseen++;
	else if (closeFrame === null) complain("wrong_codes", `${name}: ended without a close frame (${peer.error})`);
	else if (codeIn(closeFrame) !== ends) complain("wrong_codes", `${name}: ${codeIn(closeFrame)} in place of ${ends}`);
}

async function attackFrames(name) {
	const peer = connect();
	const attack = brokenFrames(random, name);
	const head = Buffer.from(goodHandshake(tokenFor(`fuzz-${random.below(500)}`)));
	const atOnce = random.once(4); // without waiting for the answer to the handshake
	if (atOnce) {
		await send(peer, [Buffer.concat([head, ...attack.parts])]);
	} else {
		await send(peer, [head]);
		if (!await peer.until(() => peer.ended || peer.received.includes('"ready"'), patience_ms) || peer.ended)
			complain("not_let_in", `${attack.name}: before any frame`);
		await send(peer, attack.parts);
	}
	figures.frames++;
	if (attack.ends === undefined || typeof attack.ends === "number") {
		await peer.until(() => peer.ended || closeFrameIn(peer.received) !== null, patience_ms);
		judgeEnd(peer, attack);
		if (!peer.ended) await send(peer, [farewell(random)]);
		if (!await peer.until(() => peer.ended, patience_ms)) complain("not_ended", attack.name);
	} else if (attack.ends === "stays") {
		const sign = `sign ${random.below(1e9)}`;
		// A ping is answered with the same payload, but of several at once only one has to be.
		for (let times = 0; times < patience_ms / 500 && !peer.ended && !peer.received.includes(sign); times++) {
			await send(peer, [frame(random, 0x89, Buffer.from(sign))]);
			await peer.until(() => peer.ended || peer.received.includes(sign), 500);
		}
		if (!peer.received.includes(sign)) complain("wrongly_ended", `${attack.name}${atOnce ? " with the handshake" : ""}: ${peer.ended ? "ended" : "no pong"}`);
	} else {
		await peer.until(() => peer.ended, 50);
	}
	peer.socket.destroy();
}

// --- those who say nothing ---

const beginnings = ["", "G", "GET /ws/notifications HTTP/1.1\r\n", goodHandshake("x").slice(0, -1)];
const silentOnes = [];

async function beSilent() {
	const peer = connect();
	const text = random.pick(beginnings);
	peer.began = performance.now();
	peer.endedAfter = null;
	if (text) peer.socket.write(text);
	silentOnes.push(peer);
	peer.until(() => peer.ended, silence_ms).then(() => {
		if (peer.ended) peer.endedAfter = performance.now() - peer.began;
		peer.socket.destroy();
	});
	await sleep(1);
}

// --- the client that is in order ---

let told = new Set();
let changes = 0, latest_ms = 0, latest_entry_ms = 0, goodEnds = 0;

async function beGood() {
	const token = tokenFor("fuzz-good");
	await opened(url, token, "protocol", { event: ({ uuid }) => told.add(uuid), ended: () => { goodEnds++; } });
	while (!isOver()) {
		const { text } = await ask("POST", "/tasks", token, { text: "Water the plants" });
		const began = performance.now();
		const { id } = JSON.parse(text);
		changes++;
		while (!told.has(id) && performance.now() - began < patience_ms) await sleep(2);
		latest_ms = Math.max(latest_ms, performance.now() - began);
		const entering = performance.now();
		const other = await opened(url, token, "header").catch((error) => complain("not_let_in", error.message));
		latest_entry_ms = Math.max(latest_entry_ms, performance.now() - entering);
		other?.close();
		await sleep(100);
	}
}

async function attackOn(attack, names) {
	const wanted = names.filter((name) => !values.only || name === values.only);
	for (let turn = random.below(wanted.length); wanted.length > 0 && !isOver(); turn++) await attack(wanted[turn % wanted.length]);
}

const good = beGood();
const silences = (async () => { for (let i = 0; i < Number(values.silent); i++) await beSilent(); })();
await Promise.all([good, silences, ...Array.from({ length: 12 }, () => attackOn(attackHandshake, handshakeNames)),
	...Array.from({ length: 100 }, () => attackOn(attackFrames, frameNames))]); // which wait for seconds, most of the time
while (silentOnes.some(({ ended, began }) => !ended && performance.now() - began < silence_ms)) await sleep(100);
const silentEnds = silentOnes.map(({ endedAfter }) => endedAfter).filter((time) => time !== null);

for (const [name, value] of Object.entries(figures)) console.log(`${name} ${value}`);
console.log(`silent_left ${silentOnes.length - silentEnds.length}`);
console.log(`good_ended ${goodEnds}\ngood_changes ${changes}\ngood_missing ${changes - told.size}`);
console.log(`# silent ones were ended after at most ${Math.round(silentEnds.reduce((most, time) => Math.max(most, time), 0))} ms`);
console.log(`# told within ${Math.round(latest_ms)} ms at most, let in within ${Math.round(latest_entry_ms)} ms at most`);
console.log(`# answers: ${[...statuses].sort().map(([status, count]) => `${status}: ${count}`).join(", ")}`);
for (const [text, count] of [...complaints].slice(0, 30)) console.log(`# ${count} × ${text}`);
process.exit(0);
