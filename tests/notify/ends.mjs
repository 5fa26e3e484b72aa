// SPDX-License-Identifier: Apache-2.0
// How connections end: with their token or session, when the other side is gone or does not read, and by
// messages that are none.
import { between, fits, holds, same, sleep } from "./judge.mjs";
import { newUser, signIn, signOut, signUp, tokenFromSession } from "./people.mjs";
import { BINARY, CLOSE, CONTINUATION, frame, handshake, PING, PONG, TEXT } from "./raw.mjs";
import { placeOf } from "./site.mjs";
import { now_s } from "./tokens.mjs";

const notice_ms = 5_000; // until the end of a session is seen

async function ofTokens(site, { check }) {
	const user = newUser();
	await Promise.all([
		check("a token's exp, while open: 4001 Token expired, within a second", async () => {
			const exp = now_s() + 3;
			const tab = site.connect({ token: site.tokenOf(user, { exp }) });
			same(await tab.outcome(), `ready ${user}`);
			same(await tab.ending(), "4001 Token expired");
			between(tab.closed_ms - exp * 1000, 0, 1_100, "ms after exp");
		}),
		check("a token's exp with a fraction: 4001 Token expired", async () => {
			const exp = now_s() + 2.5;
			const tab = site.connect({ token: site.tokenOf(user, { exp }) });
			same(await tab.ending(), "4001 Token expired");
			between(tab.closed_ms - exp * 1000, -600, 1_600, "ms after exp");
		}),
		check("a token that expires in the year 2300: stays open", async () => {
			const tab = site.connect({ token: site.tokenOf(user, { exp: 10_413_792_000 }) });
			same(await tab.outcome(), `ready ${user}`);
			await sleep(3_000);
			same(tab.closed, undefined);
			tab.close();
		}),
		check("a token whose exp is beyond any clock: stays open, or is refused", async () => {
			const tab = site.connect({ token: site.tokenOf(user, { exp: 9_007_199_254_740_991 }) });
			fits(await tab.outcome(), [`ready ${user}`, "closed 4001 Unauthorized"]);
			const ready = !tab.closed;
			await sleep(3_000);
			same(tab.closed === undefined, ready);
			tab.close();
		}),
		check("one of two tabs expires: the other goes on", async () => {
			const short = site.connect({ token: site.tokenOf(user, { exp: now_s() + 2 }) });
			const tab = await site.opened(user);
			same(await short.ending(), "4001 Token expired");
			await site.request(user, "POST", "/tasks", { text: "Still here" });
			same((await tab.receives(1))[0]?.type, "task.created");
			tab.close();
		}),
	]);
}

async function ofSessions(site, { check }) {
	const ann = await signUp(site);
	const begun = async () => {
		const session = await signIn(site, ann.email);
		const tab = site.connect({ token: session.rawSession });
		same(await tab.outcome(), `ready ${ann.id}`);
		return { session, tab };
	};
	const expires = (session, when) => site.sql(`update session set "expiresAt" = ${when} where token = '${session.rawSession}'`);
	const endsSoon = async (tab, since_ms = Date.now()) => {
		same(await tab.ending(notice_ms + 2_000), "4001 Unauthorized");
		between(tab.closed_ms - since_ms, 0, notice_ms, "ms");
	};
	await Promise.all([
		check("sign-out while open: 4001 Unauthorized within 5 s", async () => {
			const { session, tab } = await begun();
			await signOut(site, session);
			await endsSoon(tab);
		}),
		check("sign-out while open with a signed token: 4001 Unauthorized within 5 s, for each tab", async () => {
			const session = await signIn(site, ann.email);
			const tabs = [1, 2].map(() => site.connect({ token: session.signedSession }));
			for (const tab of tabs) same(await tab.outcome(), `ready ${ann.id}`);
			await signOut(site, session);
			await Promise.all(tabs.map((tab) => endsSoon(tab)));
		}),
		check("the session's row is deleted: 4001 Unauthorized within 5 s", async () => {
			const { session, tab } = await begun();
			await site.sql(`delete from session where token = '${session.rawSession}'`);
			await endsSoon(tab);
		}),
		check("the session expires while open: 4001 Unauthorized within 5 s", async () => {
			const { session, tab } = await begun();
			await expires(session, "now() + interval '1 second'");
			await endsSoon(tab, Date.now() + 500);
		}),
		check("the session is made to live on: the connection stays", async () => {
			const { session, tab } = await begun();
			await expires(session, "now() + interval '2 seconds'");
			await sleep(500);
			await expires(session, "now() + interval '1 day'");
			await sleep(6_000);
			same(tab.closed, undefined);
			tab.close();
		}),
		check("a session that lives: the connection stays, and is told of changes", async () => {
			const { tab } = await begun();
			await sleep(6_000);
			same(tab.closed, undefined);
			const before = tab.events.length;
			await site.request(ann.id, "POST", "/tasks", { text: "Still here" });
			same((await tab.receives(before + 1))[before]?.type, "task.created");
			tab.close();
		}),
		check("another session of the same user is signed out: the connection stays", async () => {
			const { tab } = await begun();
			await signOut(site, await signIn(site, ann.email));
			await sleep(5_000);
			same(tab.closed, undefined);
			tab.close();
		}),
		check("the user is deleted, and the session with them: 4001 Unauthorized within 5 s", async () => {
			const ben = await signUp(site);
			const tab = site.connect({ token: ben.rawSession });
			same(await tab.outcome(), `ready ${ben.id}`);
			await site.sql(`delete from "user" where id = '${ben.id}'`);
			await endsSoon(tab);
		}),
		check("a JWT that was made from a session outlives its sign-out, to its exp", async () => {
			const session = await signIn(site, ann.email);
			const tab = site.connect({ token: await tokenFromSession(site, session) });
			same(await tab.outcome(), `ready ${ann.id}`);
			await signOut(site, session);
			await sleep(5_000);
			same(tab.closed, undefined);
			tab.close();
		}),
	]);
}

/** Masked frames by hand, through the web server and directly. [name, frames, ending or "open"] */
const messages = [
	["a message of 1,024 bytes", [frame(TEXT, "x".repeat(1024))], "open"],
	["a hundred messages of 1,024 bytes", Array.from({ length: 100 }, () => frame(TEXT, "x".repeat(1024))), "open"],
	["a message of 1,024 bytes that are not ASCII", [frame(TEXT, "é".repeat(512))], "open"],
	["an empty message", [frame(TEXT, "")], "open"],
	["1,024 bytes that are no text", [frame(BINARY, Buffer.alloc(1024, 0xff))], "open"],
	["1,024 bytes in two fragments", [frame(TEXT, "x".repeat(512), { final: false }), frame(CONTINUATION, "x".repeat(512))], "open"],
	["a fragment without an end", [frame(TEXT, "x", { final: false })], "open"],
	["a letter cut in two by fragments", [frame(TEXT, Buffer.from([0x61, 0xc3]), { final: false }), frame(CONTINUATION, Buffer.from([0xa9]))], "open"],
	["a pong that nobody asked for", [frame(PONG, "x")], "open"],
	["1,025 bytes", [frame(TEXT, "x".repeat(1025))], "1009"],
	["1,025 bytes that are no text", [frame(BINARY, Buffer.alloc(1025, 0xff))], "1009"],
	["1,025 bytes in two fragments", [frame(TEXT, "x".repeat(1024), { final: false }), frame(CONTINUATION, "x")], "1009"],
	["fragments of one byte without an end", Array.from({ length: 1100 }, (_, at) => frame(at ? CONTINUATION : TEXT, "x", { final: false })), "1009"],
	["70,000 bytes", [frame(TEXT, "x".repeat(70_000))], "1009"],
	["1,025 bytes that are only announced", [frame(TEXT, "", { declared: 1025 })], "1009"],
	["a gigabyte that is only announced", [frame(BINARY, "", { declared: 2 ** 30 })], "1009"],
	["more than memory has, announced", [frame(TEXT, "", { declared: 2 ** 52 })], "1009"],
	["a fragment that announces too much", [frame(TEXT, "x", { final: false }), frame(CONTINUATION, "", { declared: 1024 })], "1009"],
	["the first byte of 1,025", [frame(TEXT, "x", { declared: 1025 })], "1009"],
	["the first byte of a gigabyte", [frame(BINARY, "x", { declared: 2 ** 30 })], "1009"],
	["the first byte of more than memory has", [frame(TEXT, "x", { declared: 2 ** 52 })], "1009"],
	["the first byte of a fragment that makes it too much", [frame(TEXT, "x", { final: false }), frame(CONTINUATION, "x", { declared: 1024 })], "1009"],
	["text that is no UTF-8", [frame(TEXT, Buffer.from([0x61, 0xff, 0x61]))], "1007"],
	["text that ends within a letter", [frame(TEXT, Buffer.from([0x61, 0xc3]))], "1007"],
	["text with half a surrogate pair", [frame(TEXT, Buffer.from([0xed, 0xa0, 0x80]))], "1007"],
	["text with an overlong letter", [frame(TEXT, Buffer.from([0xc0, 0xaf]))], "1007"],
	["text that is no UTF-8 in its second fragment", [frame(TEXT, "a", { final: false }), frame(CONTINUATION, Buffer.from([0xff]))], "1007"],
	["a frame that is not masked", [frame(TEXT, "x", { masked: false })], "1002"],
	["an opcode that nobody knows", [frame(3, "x")], "1002"],
	["a control opcode that nobody knows", [frame(11, "x")], "1002"],
	["a bit that is reserved", [frame(TEXT, "x", { reserved: 4 })], "1002"],
	["a ping of 126 bytes", [frame(PING, "x".repeat(126))], "1002"],
	["a ping in fragments", [frame(PING, "x", { final: false })], "1002"],
	["a continuation of nothing", [frame(CONTINUATION, "x")], "1002"],
	["a message within another", [frame(TEXT, "x", { final: false }), frame(TEXT, "x")], "1002"],
	["a close with a code of one byte", [frame(CLOSE, Buffer.from([3]))], "1002"],
	["a close with a code that may not be sent", [frame(CLOSE, Buffer.from([0x03, 0xed]))], "1002"],
	["a close whose reason is no UTF-8", [frame(CLOSE, Buffer.from([0x03, 0xe8, 0xff]))], "1007"],
];

async function openRaw(site, where, user = newUser()) {
	const raw = site.raw(where).send(handshake({ target: `/ws/notifications?token=${site.tokenOf(user)}` }));
	await raw.head();
	const first = await raw.frame();
	same(JSON.parse(first?.payload ?? "null"), { type: "ready", user_id: user });
	return raw;
}

async function ofMessages(site, { check }) {
	for (const [way, where] of [["", site.web], ["directly, ", site.direct]]) {
		await Promise.all(messages.map(([name, frames, expected]) => check(`${way}${name}: ${expected === "open" ? "ignored" : expected}`, async () => {
			const raw = await openRaw(site, where);
			raw.send(Buffer.concat(frames));
			if (expected === "open") {
				raw.send(frame(PING, "still there?"));
				const next = await raw.frame(5_000);
				same(next && [next.opcode, String(next.payload)], [PONG, "still there?"]);
				// What was ignored leaves no trace in what comes next.
				same(await raw.ending(300), "open");
			} else {
				fits((await raw.ending(5_000)).split(" ")[0], expected);
				// The client does not answer the close, as one that breaks rules may not.
				same(await raw.hangsUp(10_000), true);
			}
			raw.drop();
		})));
	}
	await check("a client's close is answered with its code", async () => {
		for (const [code, reason] of [[1000, ""], [1001, "bye"], [3000, "ünïcödé"], [4321, "bye"]]) {
			const tab = await site.opened(newUser());
			tab.close(code, reason);
			fits(await tab.ending(3_000), new RegExp(`^${code}\\b`));
		}
	});
	await check("a client's close without a code is answered", async () => {
		const raw = await openRaw(site, site.web);
		raw.send(frame(CLOSE));
		fits(await raw.ending(3_000), /^(1005|1000)\b/);
		same(await raw.hangsUp(5_000), true);
		raw.drop();
	});
	await check("a ping is answered with what it said", async () => {
		const raw = await openRaw(site, site.web);
		const said = "x".repeat(125);
		raw.send(frame(PING, said));
		const { opcode, payload } = await raw.frame(3_000);
		same([opcode, String(payload)], [PONG, said]);
		raw.drop();
	});
	await check("what a client says is not repeated to anybody", async () => {
		const user = newUser();
		const tabs = await Promise.all([site.opened(user), site.opened(user)]);
		tabs[0].socket.send(JSON.stringify({ type: "task.created", id: 1 }));
		await sleep(300);
		same(tabs.map((tab) => tab.events), [[], []]);
		for (const tab of tabs) tab.close();
	});
}

async function ofTheSilent(site, { check }) {
	await site.replaceDaemon({ NOTIFY_PING_SECONDS: "1", NOTIFY_TIMEOUT_SECONDS: "3" });
	await Promise.all([
		check("a client that answers pings stays, and is asked every second", async () => {
			const tab = await site.opened(newUser());
			await sleep(7_000);
			same(tab.closed, undefined);
			between(tab.pings, 5, 9, "pings in seven seconds");
			tab.close();
		}),
		...[["", site.web], ["directly, ", undefined]].map(([way, where]) =>
			check(`${way}a client that does not answer is dropped after NOTIFY_TIMEOUT_SECONDS`, async () => {
				const begun_ms = Date.now();
				const tab = await site.opened(newUser(), { autoPong: false, at: where ? undefined : site.settings.NOTIFY_LISTEN });
				fits(await tab.ending(9_000), /^1006|^1011|^1001/);
				between(tab.closed_ms - begun_ms, 2_000, 7_000, "ms");
			})),
		check("a client that answers no ping but sends messages stays", async () => {
			const tab = await site.opened(newUser(), { autoPong: false });
			const talking = setInterval(() => tab.socket.send("hello"), 800);
			await sleep(7_000);
			clearInterval(talking);
			same(tab.closed, undefined);
			tab.drop();
		}),
		check("directly, one that connects and says nothing is hung up on", async () => {
			const raw = site.raw(site.direct);
			same(await raw.hangsUp(30_000), true);
		}),
		check("directly, one that stops in the middle of its request is hung up on", async () => {
			const raw = site.raw(site.direct).send(handshake().slice(0, 40));
			same(await raw.hangsUp(30_000), true);
		}),
	]);
}

/** Big changes for a client that has stopped reading, directly at a daemon of our own. */
async function ofSlowReaders(site, { check }) {
	const daemon = await site.startDaemon();
	const user = newUser(), other = newUser();
	const slow = await openRaw(site, placeOf(daemon.address), user);
	const tab = await site.opened(user, { at: daemon.address });
	const others_tab = await site.opened(other, { at: daemon.address });
	const before_kib = daemon.memory_kib;
	slow.socket.pause();
	const rounds = 300, at_once = 4;
	await check("a client that does not read: the others of its user are told everything", async () => {
		const burst = (round) => `insert into gatepost.task (user_id, title, description)
			select '${user}', '${round}', repeat('x', 9000) from generate_series(1, ${at_once}); select pg_sleep(0.01);`;
		await site.sql(Array.from({ length: rounds }, (_, round) => burst(round)).join("\n"));
		await tab.receives(rounds * at_once, 5_000);
		same([tab.events.length, tab.closed], [rounds * at_once, undefined]);
	});
	await check("other users, too", async () => {
		await site.sql(`insert into gatepost.task (user_id, title) values ('${other}', 'Mine')`);
		same((await others_tab.receives(1, 5_000))[0]?.task?.title, "Mine");
	});
	// A sanitizer keeps all that was ever freed.
	if (!daemon.isSanitized) {
		await check("the daemon has not kept all that for it", () => between(daemon.memory_kib - before_kib, -1_000_000, 4_096, "KiB more"));
	}
	await check("it is closed with 1013, or dropped", async () => {
		await sleep(1_000);
		slow.socket.resume();
		fits(await slow.ending(10_000), ["1013 Try again later", "dropped"]);
		same(await slow.hangsUp(5_000), true);
	});
	slow.drop();
	await daemon.stop();
}

/** Those whom the admin plugin shuts out, or who are gone. */
async function ofUsers(site, { check }) {
	await site.sql('alter table "user" add column if not exists banned boolean');
	const ban = ({ id }) => site.sql(`update "user" set banned = true where id = '${id}'`);
	const remove = ({ id }) => site.sql(`delete from "user" where id = '${id}'`);
	await site.replaceDaemon({ JWT_LIVENESS: "user" });
	const rows = [
		["banned, with a session token", ({ rawSession }) => rawSession, ban],
		["banned, with JWT_LIVENESS=user and a JWT", ({ id }) => site.tokenOf(id), ban],
		["deleted, with JWT_LIVENESS=user and a JWT", ({ id }) => site.tokenOf(id), remove],
	];
	await Promise.all([
		...rows.map(([name, credential, deed]) => check(`a user is ${name}: 4001 Unauthorized within 5 s`, async () => {
			const person = await signUp(site);
			const tab = site.connect({ token: credential(person) });
			same(await tab.outcome(), `ready ${person.id}`);
			await deed(person);
			const since_ms = Date.now();
			same(await tab.ending(notice_ms + 2_000), "4001 Unauthorized");
			between(tab.closed_ms - since_ms, 0, notice_ms, "ms");
		})),
		check("a user who is neither, with JWT_LIVENESS=user and a JWT: stays", async () => {
			const { id } = await signUp(site);
			const tab = site.connect({ token: site.tokenOf(id) });
			same(await tab.outcome(), `ready ${id}`);
			await sleep(6_000);
			same(tab.closed, undefined);
			tab.close();
		}),
	]);
}

export async function ends(site, report) {
	await ofTokens(site, report);
	await ofSessions(site, report);
	await ofUsers(site, report);
	await site.replaceDaemon();
	await ofSlowReaders(site, report);
	await ofTheSilent(site, report);
	await site.replaceDaemon();
}

export async function messagesOfClients(site, report) {
	await ofMessages(site, report);
}
