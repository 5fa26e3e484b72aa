// SPDX-License-Identifier: Apache-2.0
// Many clients of many users, while writers change tasks: each is told its user's changes, all of them, in order, and
// nothing else. Prints figures, one to a line, and what was wrong.
//
// usage: node exactly.mjs URL [--users N] [--each N] [--writers N] [--changes N] [--seed N] [--outage]
//
// With --outage half of the changes are made before the database goes away and half when it is back: prints
// "outage please", and expects SIGUSR2 once that is over. Meanwhile the writers go on.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask } from "./api.mjs";
import { Author } from "./author.mjs";
import { opened, several, ways } from "./client.mjs";
import { faultsOf } from "./judge.mjs";
import { seeded } from "./random.mjs";
import { tokenFor } from "./token.mjs";

const { values, positionals: [url] } = parseArgs({
	allowPositionals: true,
	options: {
		users: { type: "string", default: "200" },
		each: { type: "string", default: "5" },
		writers: { type: "string", default: "20" },
		changes: { type: "string", default: "20000" },
		seed: { type: "string" },
		outage: { type: "boolean", default: false },
	},
});
const [users, each, writers, changes] = ["users", "each", "writers", "changes"].map((name) => Number(values[name]));
const patience_ms = 20_000; // without any message, after which what is missing counts as lost
const reconnect_ms = 5_000; // in which the daemon has found its database again
const random = seeded(values.seed);
const run = random.below(1e9).toString(36); // so that two runs on one database have different users
const outageOver = new Promise((resolve) => process.once("SIGUSR2", resolve));

let authors = newAuthors();
let latest = performance.now(); // when any message came
const clients = [];
let unexpectedEnds = 0;
let leaving = false;

function newAuthors() {
	return Array.from({ length: users }, (_, i) => new Author(`load-${run}-${i}`, random));
}

async function connect(number) {
	const user = authors[number % users].user;
	const client = { number, user, messages: [], resyncs: 0, view: null };
	clients.push(client);
	client.socket = await opened(url, tokenFor(user), ways[number % ways.length], {
		ready: (id) => { if (id !== user) throw new Error(`ready as ${id}, not ${user}`); },
		event: (message) => take(client, message),
		ended: (code, reason) => {
			if (leaving) return;
			unexpectedEnds++;
			console.log(`# ${user} ended: ${code} ${reason}`);
		},
	});
}

function take(client, message) {
	latest = performance.now();
	if (message.type !== "resync") return client.messages.push(message);
	client.resyncs++;
	// What a front end does: forget all, read the list, and apply what is told from now on.
	client.messages = [];
	client.list = client.number < users ? readList(client.user) : null;
}

async function readList(user) {
	for (;;) {
		const { status, text } = await ask("GET", "/tasks", tokenFor(user));
		if (status === 200) return JSON.parse(text);
		await sleep(200);
	}
}

/** So many changes by all writers together, each with authors of its own, one change of an author at a time. */
async function write(count, change) {
	let left = count;
	await Promise.all(Array.from({ length: writers }, async (_, writer) => {
		const mine = authors.filter((_, i) => i % writers === writer);
		while (left-- > 0) await change(random.pick(mine));
	}));
}

async function changeOnce(author) {
	if (random.once(50)) await author.intrude(random.pick(authors));
	else await author.change();
}

async function settled(isComplete) {
	latest = performance.now();
	while (performance.now() - latest < (isComplete() ? 500 : patience_ms)) await sleep(50);
}

const expectedOf = new Map();
const isToldAll = () => clients.every(({ user, messages }) => messages.length >= expectedOf.get(user).history.length);

async function judge(name) {
	for (const author of authors) expectedOf.set(author.user, author);
	const began = performance.now();
	await settled(isToldAll);
	const faults = clients.flatMap(({ user, messages }) => faultsOf(expectedOf.get(user), messages));
	const told = clients.reduce((sum, { messages }) => sum + messages.length, 0);
	const history = authors.reduce((sum, author) => sum + author.history.length, 0);
	console.log(`${name}_changes ${history}\n${name}_messages ${told}\n${name}_faults ${faults.length}`);
	console.log(`# ${name}: settled within ${Math.round(performance.now() - began)} ms`);
	for (const fault of faults.slice(0, 10)) console.log(`# ${fault}`);
}

/** Those who read the list and applied what came afterwards have what the database has. */
async function judgeViews() {
	let differing = 0;
	for (const client of clients.filter(({ number }) => number < users)) {
		if (!client.list) { differing++; continue; }
		const view = asView(await client.list);
		for (const { uuid, task } of client.messages) {
			if (task === null) delete view[uuid];
			else view[uuid] = `${task.title} ${task.completed}`;
		}
		const there = asView(await readList(client.user));
		if (Object.keys({ ...view, ...there }).some((uuid) => view[uuid] !== there[uuid])) differing++;
	}
	console.log(`views_differing ${differing}`);
}

const asView = (list) => Object.fromEntries(list.map(({ id, text, completed }) => [id, `${text} ${completed}`]));

async function outage() {
	let isOver = false;
	let refused = 0;
	console.log("outage please");
	outageOver.then(() => { isOver = true; });
	const rough = (author) => author.change().catch(() => { refused++; return sleep(50); });
	while (!isOver) await write(200, rough);
	const over = performance.now();
	const passed = () => performance.now() - over;
	while (passed() < reconnect_ms || (passed() < patience_ms && !clients.every(({ resyncs }) => resyncs > 0))) await write(20, rough);
	await settled(() => true);
	console.log(`outage_refused ${refused}`);
	console.log(`resynced ${clients.filter(({ resyncs }) => resyncs > 0).length}`);
	await judgeViews();
	authors = newAuthors();
	for (const client of clients) Object.assign(client, { messages: [], resyncs: 0 });
}

const opening = performance.now();
await several(50, Array.from({ length: users * each }, (_, i) => i), connect);
console.log(`connections ${clients.length}`);
console.log(`# opened within ${Math.round(performance.now() - opening)} ms`);
const writing = performance.now();
const first = values.outage ? changes / 2 : changes;
await write(first, changeOnce);
console.log(`# ${Math.round(first / (performance.now() - writing) * 1000)} changes a second`);
await judge("first");
console.log(`first_resyncs ${clients.reduce((sum, { resyncs }) => sum + resyncs, 0)}`);
if (values.outage) {
	await outage();
	await write(changes - first, changeOnce);
	await judge("second");
	console.log(`second_resyncs ${clients.reduce((sum, { resyncs }) => sum + resyncs, 0)}`);
}
console.log(`unexpected_ends ${unexpectedEnds}`);
leaving = true;
for (const { socket } of clients) socket.terminate();
process.exit(0);
