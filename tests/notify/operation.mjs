// SPDX-License-Identifier: Apache-2.0
// The daemon as its operator has it: how many connections, signals, new settings, and its own pages.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { becomes, between, fits, holds, same, sleep } from "./judge.mjs";
import { newUser } from "./people.mjs";
import { handshake } from "./raw.mjs";
import { secret } from "./secrets.mjs";
import { freePort, placeOf } from "./site.mjs";
import { claimsOf, signed } from "./tokens.mjs";

const later = "closed 1013 Try again later";

export async function limits(site, { check }) {
	await check("the 17th connection of a user: 1013; other users are let in; one that ends makes room", async () => {
		const ann = newUser(), ben = newUser();
		const tabs = await Promise.all(Array.from({ length: 16 }, () => site.opened(ann)));
		for (const extra of [1, 2]) same([extra, await site.connect({ token: site.tokenOf(ann) }).outcome()], [extra, later]);
		const other = await site.opened(ben);
		tabs.pop().close();
		const again = async () => {
			const tab = site.connect({ token: site.tokenOf(ann) });
			const outcome = await tab.outcome();
			if (outcome.startsWith("ready")) tabs.push(tab);
			return outcome.startsWith("ready");
		};
		holds(await becomes(again, 3_000, 200), "no room after one has ended");
		same(tabs.map(({ closed }) => closed), Array(16).fill(undefined));
		await site.request(ann, "POST", "/tasks", { text: "For all sixteen" });
		for (const tab of tabs) same((await tab.receives(1))[0]?.task?.title, "For all sixteen");
		for (const tab of [...tabs, other]) tab.close();
	});
	await check("connections that were dropped without a word make room, too", async () => {
		const ann = newUser();
		const tabs = await Promise.all(Array.from({ length: 16 }, () => site.opened(ann)));
		for (const tab of tabs) tab.drop();
		holds(await becomes(async () => (await site.connect({ token: site.tokenOf(ann) }).outcome()).startsWith("ready"), 3_000, 200), "no room");
	});

	const daemon = await site.replaceDaemon({ NOTIFY_MAX_CONNECTIONS: "5" });
	await check("NOTIFY_MAX_CONNECTIONS=5: the sixth is closed with 1013, whoever it is", async () => {
		const tabs = await Promise.all(Array.from({ length: 5 }, () => site.opened(newUser())));
		same(await site.connect({ token: site.tokenOf(newUser()) }).outcome(), later);
		tabs.pop().close();
		holds(await becomes(async () => (await site.connect({ token: site.tokenOf(newUser()) }).outcome()).startsWith("ready"), 3_000, 200), "no room after one has ended");
		for (const tab of tabs) tab.drop();
	});
	await check("at the limit the daemon's own pages still answer", async () => {
		await sleep(300);
		const tabs = await Promise.all(Array.from({ length: 4 }, () => site.connect({ token: site.tokenOf(newUser()) })));
		for (const tab of tabs) await tab.outcome();
		for (let at = 0; at < 8; at++) same((await site.page("/healthz", daemon.address)).status, 200);
		for (const tab of tabs) tab.drop();
	});
	await check("connections without a credential do not fill it", async () => {
		await sleep(300);
		const strangers = Array.from({ length: 30 }, () => site.connect());
		for (const tab of strangers) fits(await tab.outcome(), ["closed 4001 Unauthorized", later]);
		await sleep(300);
		(await site.opened(newUser())).close();
	});

	await site.replaceDaemon({ RATE_LIMIT: "5/m" });
	await check("RATE_LIMIT: bad credentials beyond it are closed with 1013", async () => {
		const outcomes = [];
		for (let at = 0; at < 8; at++) outcomes.push(await site.connect({ token: "garbage" }).outcome());
		same(outcomes.slice(0, 3), Array(3).fill("closed 4001 Unauthorized"));
		same(outcomes.at(-1), later);
	});
	await site.replaceDaemon();
}

export async function signals(site, { check }) {
	let daemon = await site.replaceDaemon();
	await check("SIGTERM: each is closed with 1001, and the daemon exits with 0", async () => {
		const tabs = await Promise.all(Array.from({ length: 10 }, () => site.opened(newUser())));
		const begun_ms = Date.now();
		daemon.kill("SIGTERM");
		for (const tab of tabs) fits(await tab.ending(), /^1001\b/);
		same(await daemon.ends(), "exit 0");
		between(Date.now() - begun_ms, 0, 5_000, "ms");
	});
	await check("without a daemon the web server answers, and answers others", async () => {
		const tab = site.connect({ token: site.tokenOf(newUser()) });
		fits(await tab.outcome(), /^HTTP 50[234]/);
		same((await fetch(`${site.url}/healthz`)).status, 200);
	});
	daemon = await site.replaceDaemon();
	await check("a daemon that comes back serves again at once", async () => {
		// lighttpd looks whether a backend is back about once a second.
		const serves = async () => (await site.connect({ token: site.tokenOf(newUser()) }).outcome()).startsWith("ready");
		holds(await becomes(serves, 5_000, 200), "not within five seconds");
	});
	await check("SIGTERM while a handshake comes in: it is closed with 1001, too, and keeps nobody waiting", async () => {
		const going = await site.startDaemon();
		const stays = await site.opened(newUser(), { at: going.address });
		const head = handshake({ target: `/ws/notifications?token=${site.tokenOf(newUser())}` });
		const late = site.raw(placeOf(going.address)).send(head.slice(0, 40));
		const deaf = site.raw(placeOf(going.address)).send(handshake({ target: `/ws/notifications?token=${site.tokenOf(newUser())}` }));
		await deaf.head(); // and keeps the daemon for a moment
		await deaf.frame();
		const begun_ms = Date.now();
		going.kill("SIGTERM");
		fits(await stays.ending(), /^1001\b/);
		late.send(head.slice(40));
		same((await late.head()).status, 101);
		fits(await late.ending(), /^1001\b/);
		late.drop();
		same(await going.ends(), "exit 0");
		between(Date.now() - begun_ms, 0, 5_000, "ms");
		deaf.drop();
	});
	await check("SIGTERM without connections: exit 0", async () => {
		const idle = await site.startDaemon();
		idle.kill("SIGTERM");
		same(await idle.ends(5_000), "exit 0");
	});
	await check("SIGINT: exit 0, or by that signal", async () => {
		const idle = await site.startDaemon();
		idle.kill("SIGINT");
		fits(await idle.ends(5_000), ["exit 0", "SIGINT"]);
	});
	await check("SIGTERM with a client that does not answer: exit 0 all the same", async () => {
		const deaf = await site.startDaemon();
		const raw = site.raw(placeOf(deaf.address)).send(handshake({ target: `/ws/notifications?token=${site.tokenOf(newUser())}` }));
		await raw.head();
		await raw.frame();
		raw.socket.pause();
		deaf.kill("SIGTERM");
		same(await deaf.ends(10_000), "exit 0");
		raw.drop();
	});
	await reloads(site, check);
}

async function reloads(site, check) {
	const user = newUser();
	const new_key = secret("another-secret-of-many-characters-0123456789");
	const of = (key) => ({ token: signed(key, claimsOf(user)) });
	const file = site.writeSettings("env-reload", {});
	const original = readFileSync(file, "utf8");
	const with_new_key = original.replace(/^BETTER_AUTH_SECRET=.*/m, `BETTER_AUTH_SECRET='${new_key}'`);
	const daemon = await site.replaceDaemon({}, { file });
	const ready = `ready ${user}`, unauthorized = "closed 4001 Unauthorized";
	const outcomes = async () => {
		const tabs = [of(site.key), of(new_key)].map((credential) => site.connect(credential));
		const all = [];
		for (const tab of tabs) {
			all.push(await tab.outcome());
			tab.drop();
		}
		return all;
	};

	const tab = await site.opened(user);
	await sleep(1_000); // the first daemon of all has everybody read anew as it begins
	const resyncs_before = tab.resyncs.length;
	await check("before SIGHUP: the old secret counts", async () => same(await outcomes(), [ready, unauthorized]));
	await check("SIGHUP with a new BETTER_AUTH_SECRET: new tokens in, old ones out", async () => {
		writeFileSync(file, with_new_key);
		await daemon.reload();
		same(await outcomes(), [unauthorized, ready]);
	});
	await check("SIGHUP does not have clients read anew: the database is the same", async () => same(tab.resyncs.length, resyncs_before));
	await check("SIGHUP leaves connections open, and they are told of changes", async () => {
		const before = tab.events.length;
		await site.request(user, "POST", "/tasks", { text: "After SIGHUP" });
		same((await tab.receives(before + 1))[before]?.task?.title, "After SIGHUP");
		same(tab.closed, undefined);
	});
	for (const [name, broken] of [
		["a number that is none", `${original}NOTIFY_PING_SECONDS='soon'\n`],
		["a secret that is too short", original.replace(/^BETTER_AUTH_SECRET=.*/m, "BETTER_AUTH_SECRET='short'")],
		["less patience than between two pings", `${original}NOTIFY_TIMEOUT_SECONDS='2'\n`],
	]) {
		await check(`SIGHUP with bad settings, ${name}: the ones before stay, and the log says so`, async () => {
			writeFileSync(file, broken);
			const said = await daemon.reload();
			fits(said, /level=(error|warning)/);
			same(await outcomes(), [unauthorized, ready]);
		});
	}
	await check("SIGHUP with the old settings again: as before", async () => {
		writeFileSync(file, original);
		await daemon.reload();
		same(await outcomes(), [ready, unauthorized]);
	});
	await check("SIGHUP with a lower NOTIFY_MAX_CONNECTIONS_PER_USER: those that are there stay, a new one is closed", async () => {
		const second = await site.opened(user);
		writeFileSync(file, `${original}NOTIFY_MAX_CONNECTIONS_PER_USER='1'\n`);
		await daemon.reload();
		same(await site.connect(of(site.key)).outcome(), later);
		same([tab.closed, second.closed], [undefined, undefined]);
		second.close();
	});
	await check("twenty SIGHUPs in a row: nobody is turned away", async () => {
		writeFileSync(file, original);
		tab.close();
		for (let at = 0; at < 20; at++) {
			daemon.kill("SIGHUP");
			await sleep(20);
			const during = site.connect(of(site.key));
			same(await during.outcome(), ready);
			during.close();
		}
		await sleep(500);
		same(daemon.status, undefined);
		same((await outcomes())[0], ready);
	});
	await site.replaceDaemon();
}

/** Where it listens, and with what it does not start at all. */
export async function starting(site, { check }) {
	const serves = async (address) => {
		const user = newUser();
		const tab = await site.opened(user, { at: address });
		await site.request(user, "POST", "/tasks", { text: "Heard" });
		same((await tab.receives(1))[0]?.task?.title, "Heard");
		tab.close();
	};
	const path_of_socket = `${path.dirname(site.settings.NOTIFY_LISTEN)}/other.sock`;
	for (const [name, address] of [["an IPv4 address", undefined], ["an IPv6 address", `[::1]:${await freePort()}`], ["a Unix socket", path_of_socket]]) {
		await check(`it listens on ${name}, and can be started there again`, async () => {
			const daemon = await site.startDaemon(address && { NOTIFY_LISTEN: address });
			await serves(daemon.address);
			await daemon.stop();
			same(daemon.status, "exit 0");
			if (daemon.address.startsWith("/")) same(existsSync(daemon.address), false);
			const again = await site.startDaemon({ NOTIFY_LISTEN: daemon.address });
			await serves(again.address);
			await again.stop();
		});
	}
	await check("it listens on the Unix socket that a killed one has left behind", async () => {
		const killed = await site.startDaemon({ NOTIFY_LISTEN: path_of_socket });
		killed.kill("SIGKILL");
		await killed.ends();
		const again = await site.startDaemon({ NOTIFY_LISTEN: path_of_socket });
		await serves(path_of_socket);
		await again.stop();
	});
	await check("it takes a socket that is handed over, as systemd does", async () => {
		const address = `127.0.0.1:${await freePort()}`;
		const activated = site.spawn("www-data", ["systemd-socket-activate", "-l", address, "-E", `GATEPOST_ENV=${site.directory}/env`, site.program]);
		// The first connection starts it, and waits until there is something to hear.
		let outcome;
		await becomes(async () => {
			outcome = await site.connect({ token: site.tokenOf(newUser()), at: address }).outcome();
			return !outcome.includes("ECONNREFUSED"); // of the one that hands it over
		}, 10_000, 50);
		fits(outcome, /^ready /);
		await serves(address);
		activated.kill("SIGTERM");
		same(await new Promise((resolve) => { activated.on("exit", (code, signal) => resolve(signal ?? code)); }), 0);
	});
	for (const [name, settings] of [
		["no secret", { BETTER_AUTH_SECRET: "short" }],
		["an address that is none", { NOTIFY_LISTEN: "nowhere" }],
		["a port that is none", { NOTIFY_LISTEN: "127.0.0.1:99999" }],
		["port 0", { NOTIFY_LISTEN: "127.0.0.1:0" }],
		["no port", { NOTIFY_LISTEN: "127.0.0.1:" }],
		["a name", { NOTIFY_LISTEN: "localhost:9002" }],
		["a relative path", { NOTIFY_LISTEN: "run/notifyd.sock" }],
		["a directory that is not there", { NOTIFY_LISTEN: "/nowhere/notifyd.sock" }],
		["an address where the other one listens", { NOTIFY_LISTEN: site.settings.NOTIFY_LISTEN }],
		["a timeout below the ping", { NOTIFY_PING_SECONDS: "30", NOTIFY_TIMEOUT_SECONDS: "30" }],
		["no connections", { NOTIFY_MAX_CONNECTIONS: "0" }],
	]) {
		await check(`with ${name} it does not start, and says why in one line`, async () => {
			const failed = await site.runProgram([], { NOTIFY_LISTEN: `127.0.0.1:${await freePort()}`, ...settings });
			holds(failed.code > 0 && failed.said.trim().split("\n").length === 1 && failed.said.length > 20, failed);
		});
	}
	await check("as a role that may not hear of changes it is not ready, and says so once", async () => {
		const daemon = await site.startDaemon({ NOTIFY_DATABASE_URL: site.settings.DATABASE_URL }, { wait: false });
		await sleep(4_500); // two attempts
		same((await site.page("/readyz", daemon.address)).status, 503);
		same([/event=changes_heard/g, /event=changes_not_heard/g].map((event) => (daemon.said().match(event) ?? []).length), [0, 1]);
		await daemon.stop();
	});
	await check("the other one has not noticed", async () => (await site.opened(newUser())).close());
	for (const [option, expected] of [["--help", /gatepost-notifyd/], ["--version", /gatepost/], ["--print-config", /NOTIFY_LISTEN/], ["--print-sample", /NOTIFY_LISTEN/]]) {
		await check(`${option} prints something and ends`, async () => {
			const { code, said } = await site.runProgram([option]);
			same(code, 0);
			fits(said, expected);
			holds(!said.includes(site.key), "the secret is in it");
		});
	}
	await check("an option that nobody knows: not 0", async () => holds((await site.runProgram(["--frob"])).code > 0, "0"));
}

export async function pages(site, { check }) {
	await check("/healthz: 200", async () => same((await site.page("/healthz")).status, 200));
	await check("/readyz: 200", async () => same((await site.page("/readyz")).status, 200));
	await check("/metrics: figures for Prometheus", async () => {
		const answer = await site.page("/metrics");
		same(answer.status, 200);
		fits(answer.fields["content-type"], /^text\/plain/);
		fits(answer.body, /^gatepost_\w+(\{[^}]*\})? \d/m);
	});
	await check("/metrics counts connections as they come and go", async () => {
		const figure = async () => Number(/^gatepost_notify_connections(?:\{[^}]*\})? (\d+)/m.exec((await site.page("/metrics")).body)?.[1]);
		const before = await figure();
		holds(Number.isInteger(before), "no figure gatepost_notify_connections");
		const tab = await site.opened(newUser());
		same(await figure(), before + 1);
		tab.close();
		holds(await becomes(async () => (await figure()) === before, 3_000), `${before} before, ${await figure()} after`);
	});
	await check("/metrics has no user and no token", async () => {
		const user = newUser();
		const tab = await site.opened(user);
		await site.request(user, "POST", "/tasks", { text: "Counted" });
		await tab.receives(1);
		const { body } = await site.page("/metrics");
		same([body.includes(user), body.includes("Counted")], [false, false]);
		tab.close();
	});
	const closed = await site.startDaemon({ METRICS_ALLOW: "none" });
	await check("METRICS_ALLOW=none: /metrics is for nobody, /healthz for all", async () => {
		fits(String((await site.page("/metrics", closed.address)).status), ["403", "404"]);
		same((await site.page("/healthz", closed.address)).status, 200);
	});
	await closed.stop();
	const mounted = await site.startDaemon({ MOUNT_PATH: "/live" }).catch((error) => error);
	await check("MOUNT_PATH=/live: all is below it, and nothing beside it", async () => {
		if (mounted instanceof Error) throw mounted;
		same((await site.page("/live/readyz", mounted.address)).status, 200);
		const user = newUser();
		const ask = async (path) => {
			const raw = site.raw(placeOf(mounted.address)).send(handshake({ target: `${path}?token=${site.tokenOf(user)}` }));
			const { status } = await raw.head();
			raw.drop();
			return status;
		};
		same([await ask("/live/ws/notifications"), await ask("/ws/notifications"), await ask("/livews/notifications")], [101, 404, 404]);
	});
	if (!(mounted instanceof Error)) await mounted.stop();
}
