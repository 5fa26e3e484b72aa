// SPDX-License-Identifier: Apache-2.0
// PostgreSQL goes away and comes back, and one of two daemons dies: clients are told that they may have
// missed something, and afterwards everything is told again.
import { becomes, fits, holds, same, sleep } from "./judge.mjs";
import { newUser, signUp } from "./people.mjs";
import { claimsOf, signed } from "./tokens.mjs";

const back_ms = 15_000; // until a daemon has connected again
const titles = (tab) => tab.events.filter(({ task }) => task).map(({ task }) => task.title);
const insert = (user, title) => `insert into gatepost.task (user_id, title) values ('${user}', '${title}')`;

async function restart(site, check, mode) {
	const ann = newUser(), ben = newUser();
	const tabs = [await site.opened(ann), await site.opened(ann), await site.opened(ben)];
	const { id: user, rawSession } = await signUp(site);
	const of_session = site.connect({ token: rawSession });
	same(await of_session.outcome(), `ready ${user}`);
	await site.sql(insert(ann, "Before"));
	await tabs[0].receives(1);
	const resyncs_before = tabs.map((tab) => tab.resyncs.length);
	await site.stopDatabase(mode);
	await check(`${mode}: while PostgreSQL is away /readyz is 503, /healthz 200`, async () => {
		holds(await becomes(async () => (await site.page("/readyz")).status === 503, 5_000), `${(await site.page("/readyz")).status}`);
		same((await site.page("/healthz")).status, 200);
	});
	await check(`${mode}: while PostgreSQL is away a new connection is closed with 1013`, async () => {
		const later = async (token) => (await site.connect({ token }).outcome()) === "closed 1013 Try again later";
		for (const token of [site.tokenOf(ann), rawSession]) holds(await becomes(() => later(token), 2_000), "it is not");
		for (const token of [site.tokenOf(ann), rawSession]) same(await later(token), true);
	});
	await check(`${mode}: a bad token is still closed with 4001, or with 1013`, async () => {
		fits(await site.connect({ token: signed("0123456789abcdef0123456789abcdef", claimsOf(ann)) }).outcome(),
			["closed 4001 Unauthorized", "closed 1013 Try again later"]);
	});
	await sleep(3_000);
	await site.startDatabase();
	await check(`${mode}: when it is back each client is told to read anew`, async () => {
		for (const [at, tab] of tabs.entries()) holds(await tab.until(() => tab.resyncs.length > resyncs_before[at], back_ms), tab.messages);
		for (const tab of tabs) same(tab.resyncs, tab.resyncs.map(() => ({ type: "resync" })));
	});
	await check(`${mode}: connections have stayed, also that of a session`, async () => {
		same([...tabs, of_session].map(({ closed }) => closed), [undefined, undefined, undefined, undefined]);
	});
	await check(`${mode}: /readyz is 200 again`, async () => holds(await becomes(async () => (await site.page("/readyz")).status === 200, back_ms), "still not"));
	await check(`${mode}: changes afterwards are told, to whom they concern`, async () => {
		const before = tabs.map((tab) => titles(tab).length);
		const wanted = Array.from({ length: 20 }, (_, at) => `After ${at}`);
		await site.sql(wanted.map((title) => `${insert(ann, title)};`).join("\n"));
		await tabs[0].until(() => titles(tabs[0]).length >= before[0] + 20, 5_000);
		await tabs[1].until(() => titles(tabs[1]).length >= before[1] + 20, 5_000);
		same(tabs.map((tab, at) => titles(tab).slice(before[at])), [wanted, wanted, []]);
	});
	await check(`${mode}: the workers' answers are told again, too`, async () => {
		holds(await becomes(() => site.request(ann, "POST", "/tasks", { text: "Served" }).then(() => true, () => false), back_ms, 300), "the workers do not serve");
		holds(await tabs[0].until(() => titles(tabs[0]).at(-1) === "Served", 5_000), tabs[0].events.at(-1));
	});
	await check(`${mode}: a new connection is let in`, async () => (await site.opened(newUser())).close());
	for (const tab of [...tabs, of_session]) tab.close();
}

/** PostgreSQL restarts while changes are made: what a client reads when told to, and all events since. */
async function restartUnderWriting(site, check, mode) {
	const user = newUser();
	const tab = await site.opened(user);
	const list = async () => (await site.sql(`select id from gatepost.task where user_id = '${user}' order by id`)).split("\n").map(Number);
	let read = [], writing = true, written = 0;
	const reader = (async () => {
		for (let known = 0; writing; await sleep(20)) {
			if (tab.resyncs.length > known) {
				known = tab.resyncs.length;
				read = await list();
			}
		}
	})();
	const writer = (async () => {
		while (writing) await site.request(user, "POST", "/tasks", { text: "One more" }).then(() => written++, () => sleep(100));
	})();
	await sleep(1_000);
	const resyncs_before = tab.resyncs.length;
	await site.stopDatabase(mode);
	await site.startDatabase();
	await tab.until(() => tab.resyncs.length > resyncs_before, back_ms);
	await sleep(2_500);
	writing = false;
	await Promise.all([writer, reader]);
	await sleep(500);
	await check(`${mode}, while changes are made: whoever reads anew when told to knows every task in the end`, async () => {
		const told = tab.news.map(({ id }) => id);
		holds(told.length > 0 && tab.resyncs.length > resyncs_before && written > 0, { told: told.length, resyncs: tab.resyncs.length, written });
		const known = new Set([...read, ...told]);
		same((await list()).filter((id) => !known.has(id)), []);
		same(told, told.toSorted((a, b) => a - b));
	});
	tab.close();
}

async function startedWithoutDatabase(site, check) {
	await site.stopDatabase();
	const daemon = await site.startDaemon({}, { wait: false });
	await check("started while PostgreSQL is away: it runs, is not ready, and says try again later", async () => {
		same((await site.page("/healthz", daemon.address)).status, 200);
		same((await site.page("/readyz", daemon.address)).status, 503);
		same(await site.connect({ token: site.tokenOf(newUser()), at: daemon.address }).outcome(), "closed 1013 Try again later");
	});
	await site.startDatabase();
	await check("when PostgreSQL comes it is ready, and tells", async () => {
		holds(await becomes(async () => (await site.page("/readyz", daemon.address)).status === 200, back_ms), "not ready");
		const user = newUser();
		const tab = await site.opened(user, { at: daemon.address });
		await site.sql(insert(user, "Told"));
		await tab.until(() => titles(tab).includes("Told"), 5_000);
		same(titles(tab), ["Told"]);
		tab.close();
	});
	await daemon.stop();
}

export async function outages(site, { check }) {
	await restart(site, check, "fast");
	await restart(site, check, "immediate");
	await restartUnderWriting(site, check, "fast");
	await restartUnderWriting(site, check, "immediate");
	await startedWithoutDatabase(site, check);
}

/** The daemon's connection alone is lost. */
async function connectionLost(site, check) {
	const user = newUser();
	const tab = await site.opened(user);
	await check("the daemon's database connections are cut while it sleeps: resync, then everything is told again", async () => {
		await becomes(async () => (await site.sql("select count(*) from pg_locks where locktype = 'advisory' and objid = 3 and granted")) === "0", 10_000);
		await sleep(1_500); // until nothing is left that would wake it by itself
		const before = tab.resyncs.length;
		await site.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'gatepost_notify'");
		holds(await tab.until(() => tab.resyncs.length > before, back_ms), tab.messages);
		await site.sql(insert(user, "After the cut"));
		holds(await tab.until(() => titles(tab).includes("After the cut"), 5_000), tab.events);
	});
	await check("the relay's connection is cut while a writer wakes it: it can be woken again", async () => {
		const waits = "usename = 'gatepost_notify' and wait_event = 'advisory'";
		await sleep(2_000); // it sleeps again
		// While this lasts it cannot say that it is awake.
		const obstacle = site.sql("select pg_advisory_lock_shared(1196445268, 3); select pg_sleep(2)");
		await sleep(300);
		await site.sql(insert(user, "Rings"));
		const is_stuck = async () => (await site.sql(`select count(*) from pg_stat_activity where ${waits}`)) === "1";
		holds(await becomes(is_stuck, 1_500, 50), "it does not wait");
		await site.sql(`select pg_terminate_backend(pid) from pg_stat_activity where ${waits}`);
		await obstacle;
		await sleep(3_000); // it sleeps again
		await site.sql(insert(user, "Woken again"));
		holds(await tab.until(() => titles(tab).includes("Woken again"), 5_000), tab.events);
	});
	await check("the database says nothing any more while all is quiet: it is noticed, and clients read anew", async () => {
		await sleep(2_000); // it sleeps
		const before = tab.resyncs.length;
		const relay = await site.sql("select pid from pg_locks where locktype = 'advisory' and classid = 1196445268 and objid = 1 and granted");
		const signal = (name) => new Promise((resolve) => { site.spawn("postgres", ["kill", `-${name}`, relay]).on("exit", resolve); });
		await signal("STOP");
		const noticed = await tab.until(() => tab.resyncs.length > before, 25_000);
		await signal("CONT");
		holds(noticed, "not within 25 seconds");
		await site.sql(insert(user, "Heard again"));
		holds(await tab.until(() => titles(tab).includes("Heard again") || tab.resyncs.length > before + 1, 5_000), tab.messages);
	});
	tab.close();
}

export async function pair(site, { check }) {
	await connectionLost(site, check);
	const user = newUser();
	const first = await site.replaceDaemon();
	const second = await site.startDaemon();
	const near = await site.opened(user);
	const far = await site.opened(user, { at: second.address });
	const wanted = Array.from({ length: 50 }, (_, at) => `Both ${at}`);
	await check("two daemons on one database: the clients of both are told everything once, in order", async () => {
		await site.sql(wanted.map((title) => `${insert(user, title)};`).join("\n"));
		for (const tab of [near, far]) await tab.until(() => titles(tab).length >= 50);
		await sleep(300);
		same([titles(near), titles(far)], [wanted, wanted]);
	});

	// Changes go on while the relay, which is the one that came first, is killed.
	let writing = true, written = 0;
	const told_before = titles(far).length;
	const writer = (async () => {
		while (writing) await site.sql(insert(user, `Number ${written}`)).then(() => written++);
	})();
	await sleep(700);
	const resyncs_before = far.resyncs.length;
	first.kill("SIGKILL");
	same(await first.ends(), "SIGKILL");
	const resync_came = await far.until(() => far.resyncs.length > resyncs_before, back_ms);
	await sleep(1_500);
	writing = false;
	await writer;
	await sleep(1_000);
	await check("the relay is killed: the clients of the other are told to read anew", () => holds(resync_came, far.messages.slice(-3)));
	await check("its own clients see that it is gone", async () => fits(await near.ending(), /^1006/));
	await check("nothing is missing afterwards: all changes after the last resync are told, in order", async () => {
		const after = far.news.filter(({ task }) => task).map(({ task }) => Number(task.title.slice(7)));
		holds(after.length > 0, "nothing was told after the resync");
		same(after, Array.from({ length: written - after[0] }, (_, at) => after[0] + at));
	});
	await check("what was told before and after fits together: no task is told twice between resyncs", async () => {
		const numbers = titles(far).slice(told_before);
		same(numbers.length, new Set(numbers).size);
	});
	await check("a new one beside it: its clients are told, too", async () => {
		const third = await site.replaceDaemon();
		holds(third.status === undefined, third.status);
		const tab = await site.opened(user);
		await site.sql(insert(user, "Third"));
		for (const one of [tab, far]) holds(await one.until(() => titles(one).includes("Third"), 5_000), one.events.slice(-3));
		tab.close();
	});
	await check("the relay ends in an orderly way: the clients of the other are told of a change, or to read anew; then of all", async () => {
		const tab = await site.opened(user);
		const before = tab.resyncs.length;
		await second.stop();
		await site.sql(insert(user, "In between"));
		holds(await tab.until(() => titles(tab).includes("In between") || tab.resyncs.length > before, back_ms), tab.messages);
		await sleep(1_000);
		await site.sql(insert(user, "Alone"));
		holds(await tab.until(() => titles(tab).includes("Alone"), 5_000), tab.messages);
		tab.close();
	});
	far.drop();
	near.drop();
}
