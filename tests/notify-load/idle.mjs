// SPDX-License-Identifier: Apache-2.0
// Thousands of clients that are told nothing, among them some whose tasks change: how long from the change to them.
//
// usage: node idle.mjs URL [--connections N] [--active N] [--rate CHANGES-A-SECOND] [--seconds N] [--rounds N]
//
// Prints "open N" when all are open and waits for SIGUSR2 before each round; then figures, one to a line.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask } from "./api.mjs";
import { opened, several, ways } from "./client.mjs";
import { tokenFor } from "./token.mjs";

const { values, positionals: [url] } = parseArgs({
	allowPositionals: true,
	options: {
		connections: { type: "string", default: "10000" },
		active: { type: "string", default: "1000" },
		rate: { type: "string", default: "300" },
		seconds: { type: "string", default: "10" },
		rounds: { type: "string", default: "3" },
	},
});
const count = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const perUser = 5;
const run = process.pid.toString(36);
const tokens = new Map();
let ended = 0;
let arrivals = new Map(); // kind of change and task -> when each client was told
let delays = { answer: [], begin: [] };

const next = (signal) => new Promise((resolve) => process.once(signal, resolve));

function tokenOf(user) {
	if (!tokens.has(user)) tokens.set(user, tokenFor(user, 7200));
	return tokens.get(user);
}

const userOf = (number) => `idle-${run}-${Math.floor(number / perUser)}`;

function take(message) {
	const now = performance.now();
	const key = `${message.type} ${message.uuid}`;
	if (!arrivals.has(key)) arrivals.set(key, []);
	arrivals.get(key).push(now);
	// now() of the transaction that made the change; none has changed the task since, as one author does one at a time.
	if (message.task) delays.begin.push(performance.timeOrigin + now - Date.parse(message.task.updated_at));
}

const answers = new Map(); // the same key -> when the API had answered

async function change(token, key, method, path, body) {
	const { status, text } = await ask(method, path, token, body);
	const now = performance.now();
	if (status > 201) throw new Error(`${method} ${path}: ${status} ${text}`);
	const uuid = method === "POST" ? JSON.parse(text).id : path.split("/").pop();
	answers.set(`${key} ${uuid}`, now);
	return uuid;
}

/** Four changes, one after the other. */
async function author(user) {
	const token = tokenOf(user);
	const uuid = await change(token, "task.created", "POST", "/tasks", { text: "Water the plants" });
	await change(token, "task.updated", "PATCH", `/tasks/${uuid}`, { text: "Water them all" });
	await change(token, "task.completed", "PATCH", `/tasks/${uuid}`, { completed: true });
	await change(token, "task.deleted", "DELETE", `/tasks/${uuid}`);
}

async function active() {
	const users = Array.from({ length: count.active / perUser }, (_, i) => userOf(i * perUser));
	const began = performance.now();
	const running = new Set();
	let changes = 0;
	for (let turn = 0; performance.now() - began < count.seconds * 1000; turn++) {
		const due = began + changes / count.rate * 1000;
		if (due > performance.now()) await sleep(due - performance.now());
		const one = author(users[turn % users.length]).finally(() => running.delete(one));
		running.add(one);
		changes += 4;
	}
	await Promise.all(running);
	return { changes, seconds: (performance.now() - began) / 1000 };
}

const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const shown = (sorted, part) => (sorted.length ? percentile(sorted, part).toFixed(1) : "none");

async function round(number) {
	arrivals = new Map();
	answers.clear();
	delays = { answer: [], begin: [] };
	const { changes, seconds } = await active();
	const expected = changes * perUser;
	const told = () => [...arrivals.values()].reduce((sum, times) => sum + times.length, 0);
	for (let waited = 0; waited < 10_000 && told() < expected; waited += 100) await sleep(100);
	for (const [key, times] of arrivals) {
		for (const time of times) delays.answer.push(Math.max(0, time - (answers.get(key) ?? Infinity)));
	}
	for (const list of Object.values(delays)) list.sort((a, b) => a - b);
	const name = `round_${number}`;
	console.log(`${name}_changes ${changes}\n${name}_messages_missing ${expected - told()}`);
	console.log(`${name}_changes_a_second ${Math.round(changes / seconds)}`);
	for (const [since, list] of Object.entries(delays)) {
		console.log(`${name}_${since}_p50_ms ${shown(list, 0.5)}\n${name}_${since}_p99_ms ${shown(list, 0.99)}\n${name}_${since}_max_ms ${shown(list, 1)}`);
	}
}

process.on("SIGUSR2", () => {});
const began = performance.now();
await several(100, Array.from({ length: count.connections }, (_, i) => i), async (number) => {
	const user = userOf(number);
	await opened(url, tokenOf(user), ways[number % ways.length], { event: take, ended: () => { ended++; } });
});
console.log(`# opened within ${Math.round(performance.now() - began)} ms`);
console.log(`open ${count.connections}`);
for (let number = 1; number <= count.rounds; number++) {
	await next("SIGUSR2");
	await round(number);
	console.log(`round_${number}_done 1`);
}
console.log(`ended ${ended}`);
process.exit(0);
