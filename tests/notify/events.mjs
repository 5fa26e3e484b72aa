// SPDX-License-Identifier: Apache-2.0
// What a user is told: of each change to their own tasks, whoever makes it, in order, and of nobody else's.
import { becomes, between, holds, same, sleep } from "./judge.mjs";
import { newUser, signUp } from "./people.mjs";

const members = "type,id,uuid,task";
const task_members = "id,uuid,user_id,title,description,completed,created_at,updated_at";

/** The four APIs; each deed is name, method, path of a task, body, and the event it makes. */
const apis = [
	{
		name: "/tasks", list: () => "/tasks", title: "text",
		deeds: [
			["PUT", ({ uuid }) => `/tasks/${uuid}`, { text: "Feed the cat" }, "task.updated"],
			["PATCH", ({ uuid }) => `/tasks/${uuid}`, { completed: true }, "task.completed"],
			["PATCH", ({ uuid }) => `/tasks/${uuid}`, { text: "Feed both cats" }, "task.updated"],
			["PATCH", ({ uuid }) => `/tasks/${uuid}`, { completed: false }, "task.updated"],
			["DELETE", ({ uuid }) => `/tasks/${uuid}`, undefined, "task.deleted"],
		],
	},
	{
		name: "/api/v1/todos", list: () => "/api/v1/todos", title: "title",
		deeds: [
			["PUT", ({ id }) => `/api/v1/todos/${id}`, { title: "Feed the dog", completed: true }, "task.completed"],
			["PATCH", ({ id }) => `/api/v1/todos/${id}`, { title: "Feed both dogs" }, "task.updated"],
			["PATCH", ({ id }) => `/api/v1/todos/${id}`, { completed: false }, "task.updated"],
			["DELETE", ({ id }) => `/api/v1/todos/${id}`, undefined, "task.deleted"],
		],
	},
	{ name: "/api/v1/{user}/tasks", list: (user) => `/api/v1/${user}/tasks`, title: "title", deeds: [] },
	{
		name: "/api/{user}/tasks", list: (user) => `/api/${user}/tasks`, title: "title",
		deeds: [
			["PUT", ({ id }, user) => `/api/${user}/tasks/${id}`, { title: "Feed the fish", description: "Twice" }, "task.updated"],
			["PATCH", ({ id }, user) => `/api/${user}/tasks/${id}/complete`, undefined, "task.completed"],
			["PATCH", ({ id }, user) => `/api/${user}/tasks/${id}/complete`, undefined, "task.updated"],
			["DELETE", ({ id }, user) => `/api/${user}/tasks/${id}`, undefined, "task.deleted"],
		],
	},
];

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const newest = (user) => `select row_to_json(t) from gatepost.task t where user_id = ${quoted(user)} order by id desc limit 1`;
const insert = (user, title) => `insert into gatepost.task (user_id, title) values (${quoted(user)}, ${quoted(title)})`;
const brief = (events) => events.map(({ type, task }) => `${type} ${task?.title ?? "-"}`);

async function stored(site, user) {
	return JSON.parse((await site.sql(newest(user))) || "null");
}

/** The event is of this type and tells of this row, which the database has so. */
function tells(event, type, row, task = row) {
	holds(event, "no event came");
	same(Object.keys(event).join(), members);
	same([event.type, event.id, event.uuid], [type, row.id, row.uuid]);
	if (task === null) return same(event.task, null);
	same(Object.keys(event.task ?? {}).join(), task_members);
	const { created_at, updated_at, ...rest } = event.task;
	same(rest, Object.fromEntries(Object.keys(rest).map((name) => [name, task[name]])));
	same([new Date(created_at), new Date(updated_at)].map(Number), [task.created_at, task.updated_at].map((text) => Number(new Date(text))));
}

/** What a user has been told, without the marks of toldBefore(). */
const told = (tab) => tab.events.filter(({ task }) => !task?.title.startsWith("mark "));

/** The same once everything so far has been told: a change of the user's own behind it has come. */
async function toldBefore(site, user, tab) {
	const mark = `mark ${Math.random()}`;
	await site.sql(insert(user, mark));
	const arrived = await tab.until(() => tab.events.some(({ task }) => task?.title === mark), 5_000);
	holds(arrived, `the user's own change did not come, but: ${JSON.stringify(tab.events)}`);
	return told(tab);
}

async function throughEachApi(site, { check }) {
	const { id: user } = await signUp(site);
	const tab = await site.opened(user);
	const isTold = async (type, deed, row_after) => {
		const before = tab.events.length;
		const row_before = await stored(site, user);
		await deed();
		const events = (await tab.receives(before + 1, 5_000)).slice(before);
		tells(events[0], type, row_after === null ? row_before : await stored(site, user), row_after);
		await sleep(50);
		same(tab.events.length, before + 1);
	};
	for (const { name, list, title, deeds } of apis) {
		await check(`${name}, POST: task.created with both ids and the task`, () =>
			isTold("task.created", () => site.request(user, "POST", list(user), { [title]: `Made at ${name}` })));
		for (const [method, path, body, type] of deeds) {
			await check(`${name}, ${method} ${JSON.stringify(body) ?? ""}: ${type}`, async () => {
				const task = await stored(site, user);
				await isTold(type, () => site.request(user, method, path(task, user), body), type === "task.deleted" ? null : undefined);
			});
		}
	}
	await check("a read tells nothing", async () => {
		const before = tab.events.length;
		for (const { list } of apis) await site.request(user, "GET", list(user));
		await sleep(300);
		same(tab.events.length, before);
	});
	tab.close();
}

async function oneUserAndOthers(site, { check }) {
	const ann = newUser(), ben = newUser();
	const tabs = await Promise.all([site.opened(ann), site.opened(ann)]);
	const other = await site.opened(ben);
	await check("two tabs of one user are told the same, in the same order", async () => {
		for (let at = 0; at < 20; at++) await site.request(ann, "POST", "/tasks", { text: `Both ${at}` });
		const [one, two] = await Promise.all(tabs.map((tab) => tab.receives(20)));
		same(brief(one), Array.from({ length: 20 }, (_, at) => `task.created Both ${at}`));
		same(two, one);
	});
	await check("another user is told nothing of them", async () => same(await toldBefore(site, ben, other), []));
	await check("a tab that opens later is told nothing of what was before", async () => {
		const late = await site.opened(ann);
		same(await toldBefore(site, ann, late), []);
		late.close();
	});
	await check("an attempt on somebody else's task is told to nobody", async () => {
		const task = await stored(site, ann);
		const before = told(tabs[0]).length;
		for (const [method, body] of [["PATCH", { text: "Mine now" }], ["DELETE"]]) {
			await site.request(ben, method, `/tasks/${task.uuid}`, body).catch(() => {});
		}
		same((await toldBefore(site, ann, tabs[0])).slice(before), []);
		same(await toldBefore(site, ben, other), []);
	});
	for (const tab of [...tabs, other]) tab.close();
}

async function bySql(site, { check }) {
	const ann = newUser(), ben = newUser();
	const tab = await site.opened(ann), other = await site.opened(ben);
	const isTold = async (name, type, change, gone = false) => check(`psql, ${name}: ${type}`, async () => {
		const before = tab.events.length;
		const row = await stored(site, ann);
		await site.sql(change(row?.id));
		tells((await tab.receives(before + 1, 5_000))[before], type, gone ? row : await stored(site, ann), gone ? null : undefined);
	});
	await isTold("insert", "task.created", () => insert(ann, "Written by hand"));
	await isTold("update of the title", "task.updated", (id) => `update gatepost.task set title = 'Another', description = E'two\\nlines' where id = ${id}`);
	await isTold("update that completes it", "task.completed", (id) => `update gatepost.task set completed = true where id = ${id}`);
	await isTold("update of a completed one", "task.updated", (id) => `update gatepost.task set completed = true, title = 'Once more' where id = ${id}`);
	await isTold("update that opens it again", "task.updated", (id) => `update gatepost.task set completed = false where id = ${id}`);
	await isTold("delete", "task.deleted", (id) => `delete from gatepost.task where id = ${id}`, true);
	await isTold("insert of a completed one", "task.created", () => `insert into gatepost.task (user_id, title, completed) values ('${ann}', 'Done', true)`);

	await check("a task that is given to another user: deleted for the one, created for the other", async () => {
		await site.sql(insert(ann, "Given away"));
		const row = await stored(site, ann);
		await tab.until(() => tab.events.at(-1)?.id === row.id);
		const before = tab.events.length, before_there = other.events.length;
		await site.sql(`update gatepost.task set user_id = '${ben}' where id = ${row.id}`);
		tells((await tab.receives(before + 1, 5_000))[before], "task.deleted", row, null);
		tells((await other.receives(before_there + 1, 5_000))[before_there], "task.created", row, await stored(site, ben));
		same((await toldBefore(site, ann, tab)).length, before + 1); // nothing else
	});
	await check("a task that is given away as soon as it is made: who made it sees nothing of what it became", async () => {
		const before = told(tab).length, before_there = other.events.length;
		await site.sql(`begin; ${insert(ann, "Made and given")};
			update gatepost.task set user_id = '${ben}', title = 'For the other alone' where user_id = '${ann}' and title = 'Made and given'; commit;`);
		const there = (await other.receives(before_there + 1, 5_000)).slice(before_there);
		same(there.map(({ type, task }) => `${type} ${task?.title}`), ["task.created For the other alone"]);
		same((await toldBefore(site, ann, tab)).slice(before).map(({ type, task }) => `${type} ${task}`), ["task.created null", "task.deleted null"]);
	});
	await check("texts come as they are", async () => {
		const title = "“Ünïcödé” \u{1F600}\u0001\u007f\\ \" ' </script>\u2028";
		await site.sql(`insert into gatepost.task (user_id, title, description) values ('${ann}', U&'${title.replaceAll("\\", "\\\\").replaceAll("'", "''")}', '')`);
		const row = await stored(site, ann);
		await tab.until(() => tab.events.at(-1)?.id === row.id);
		tells(tab.events.at(-1), "task.created", row);
		same([tab.events.at(-1).task.title, tab.events.at(-1).task.description], [title, ""]);
	});
	for (const [name, letter] of [["10,000 letters each", "x"], ["10,000 letters of four bytes each", "\u{1F600}"], ["10,000 letters that JSON escapes", '"']]) {
		await check(`a task with the longest title and description, ${name}: told`, async () => {
			const before = tab.events.length;
			await site.sql(`insert into gatepost.task (user_id, title, description) values ('${ann}', repeat('${letter}', 10000), repeat('${letter}', 10000))`);
			const [event] = (await tab.receives(before + 1, 5_000)).slice(before);
			same(tab.closed, undefined);
			same([event?.type, event?.task?.title === letter.repeat(10000), event?.task?.description === letter.repeat(10000)], ["task.created", true, true]);
		});
	}
	await check("a user whose id has odd letters", async () => {
		const odd = `o'dd "id" %_\\ \u{1F600} ${newUser()}`;
		const odd_tab = await site.opened(odd);
		await site.sql(insert(odd, "Odd"));
		tells((await odd_tab.receives(1, 5_000))[0], "task.created", await stored(site, odd));
		odd_tab.close();
	});
	tab.close();
	other.close();
}

async function atTheBeginning(site, { check }) {
	await check("a change made right after the first message is told, each of 30 times", async () => {
		const missed = [];
		await Promise.all(Array.from({ length: 30 }, async (_, at) => {
			const user = newUser();
			const tab = await site.opened(user);
			await site.request(user, "POST", "/tasks", { text: `Right after ${at}` });
			if ((await tab.receives(1, 5_000))[0]?.task?.title !== `Right after ${at}`) missed.push(at);
			tab.close();
		}));
		same(missed, []);
	});
	await check("nobody is told to read anew without a reason", async () => {
		const tab = await site.opened(newUser());
		await sleep(1_500);
		same(tab.events, []);
		same(tab.resyncs, []);
		tab.close();
	});
	await check("an event comes within half a second, also to the only connection there is", async () => {
		const user = newUser();
		const tab = await site.opened(user);
		for (let at = 0; at < 5; at++) {
			const before = tab.events.length;
			await site.request(user, "POST", "/tasks", { text: `Soon ${at}` });
			holds(await tab.until(() => tab.events.length > before, 500), `not the ${at + 1}. one`);
			await sleep(at * 100);
		}
		tab.close();
	});
}

async function inBulk(site, { check }) {
	for (const [count, length] of [[1000, 100], [200, 1000], [20, 9000], [100, 10_000]]) {
		await check(`${count} tasks of ${length} letters in one statement: all are told to a client that reads`, async () => {
			const user = newUser();
			const tab = await site.opened(user);
			await site.sql(`insert into gatepost.task (user_id, title, description) select '${user}', 'Bulk ' || n, repeat('x', ${length}) from generate_series(1, ${count}) as n`);
			await tab.receives(count, 10_000);
			same([tab.events.length, tab.closed], [count, undefined]);
			tab.close();
		});
	}
}

async function inOrder(site, { check }) {
	const user = newUser();
	const tab = await site.opened(user);
	await check("200 quick changes: all are told, in order", async () => {
		const titles = Array.from({ length: 200 }, (_, at) => `Quick ${at}`);
		await site.sql(titles.map((title) => `${insert(user, title)};`).join("\n"));
		same(brief(await tab.receives(200)), titles.map((title) => `task.created ${title}`));
	});
	await check("200 quick changes through the API: all are told, in order", async () => {
		const before = tab.events.length;
		const titles = Array.from({ length: 200 }, (_, at) => `Quick request ${at}`);
		const token = site.tokenOf(user);
		for (const text of titles) await site.request(user, "POST", "/tasks", { text }, token);
		same(brief((await tab.receives(before + 200)).slice(before)), titles.map((title) => `task.created ${title}`));
	});
	await check("100 changes of one task: each is told", async () => {
		const before = tab.events.length;
		const { id } = await stored(site, user);
		await site.sql(Array.from({ length: 100 }, (_, at) => `update gatepost.task set title = 'Turn ${at}' where id = ${id};`).join("\n"));
		const events = (await tab.receives(before + 100, 5_000)).slice(before);
		holds(events.every((event) => event.type === "task.updated" && event.id === id), brief(events));
		const turns = events.map(({ task }) => Number(task.title.slice(5)));
		same(turns, turns.toSorted((a, b) => a - b));
		same([turns.length, turns.at(-1)], [100, 99]);
	});
	await check("ten changes in one transaction: ten events, in their order", async () => {
		const before = tab.events.length;
		const titles = Array.from({ length: 10 }, (_, at) => `Together ${at}`);
		await site.sql(`begin; ${titles.map((title) => `${insert(user, title)};`).join(" ")} commit;`);
		same(brief((await tab.receives(before + 10)).slice(before)), titles.map((title) => `task.created ${title}`));
	});
	await check("ten tasks of one statement: ten events", async () => {
		const before = tab.events.length;
		await site.sql(`insert into gatepost.task (user_id, title) select '${user}', 'At once ' || n from generate_series(0, 9) as n`);
		same(brief((await tab.receives(before + 10)).slice(before)), Array.from({ length: 10 }, (_, at) => `task.created At once ${at}`));
	});
	await check("a transaction that is taken back tells nothing, and what it takes back of itself neither", async () => {
		const before = told(tab).length;
		await site.sql(`begin; ${insert(user, "Never")}; rollback;
			begin; ${insert(user, "Kept")}; savepoint s; ${insert(user, "Taken back")}; rollback to s; ${insert(user, "Kept, too")}; commit;`);
		same(brief(await toldBefore(site, user, tab)).slice(before), ["task.created Kept", "task.created Kept, too"]);
	});
	await check("made and deleted in one transaction: at most that, and no task", async () => {
		const before = told(tab).length;
		await site.sql(`begin; ${insert(user, "Short-lived")}; delete from gatepost.task where user_id = '${user}' and title = 'Short-lived'; commit;`);
		const events = (await toldBefore(site, user, tab)).slice(before);
		same(events.map(({ task }) => task), events.map(() => null));
		same(events.at(-1)?.type ?? "task.deleted", "task.deleted");
	});
	await check("of two transactions that overlap each is told when it ends", async () => {
		const before = tab.events.length;
		const slow = site.sql(`begin; ${insert(user, "Begun first")}; select pg_sleep(1); commit;`);
		await sleep(300);
		await site.sql(insert(user, "Ended first"));
		holds(await tab.until(() => tab.events.length > before, 500), "the one that ended had to wait for the other");
		await slow;
		same(brief((await tab.receives(before + 2, 5_000)).slice(before)), ["task.created Ended first", "task.created Begun first"]);
	});
	await check("after a rest of some seconds a change is told at once", async () => {
		await sleep(3_000);
		const before = tab.events.length;
		await site.sql(insert(user, "After a rest"));
		holds(await tab.until(() => tab.events.length > before, 500), "not within half a second");
	});
	await check("nobody listens: nothing is left in the outbox after a while", async () => {
		tab.close();
		await site.sql(`insert into gatepost.task (user_id, title) select '${newUser()}', 'Unheard' from generate_series(1, 100)`);
		await sleep(1_000);
		same(await site.sql("select count(*) from gatepost.change"), "0");
	});
	await check("what its clients have not read yet does not fill the memory of the daemon", async () => {
		const daemon = await site.startDaemon();
		const user = newUser();
		await site.sql(`insert into gatepost.task (user_id, title, description) select '${user}', 'Long', repeat('x', 9000) from generate_series(1, 20000)`);
		holds(await becomes(async () => (await site.sql("select count(*) from gatepost.change")) === "0", 10_000), "not passed on");
		const tab = await site.opened(user, { at: daemon.address });
		const before_kib = daemon.memory_kib;
		let most_kib = before_kib;
		const watch = setInterval(() => { most_kib = Math.max(most_kib, daemon.memory_kib); }, 20);
		await site.sql(`update gatepost.task set title = 'Longer' where user_id = '${user}'`);
		await tab.until(() => tab.closed !== undefined || tab.events.length >= 20_000, 15_000);
		clearInterval(watch);
		// A sanitizer keeps all that was ever freed, here and below.
		if (!daemon.isSanitized) between(most_kib - before_kib, 0, 65_536, "KiB more");
		holds(tab.events.length > 0, "nothing was told");
		tab.close();
		await site.sql(`delete from gatepost.task where user_id = '${user}'`);
		await daemon.stop();
	});
	await check("changes of users who are not there leave nothing behind in the daemon", async () => {
		const daemon = await site.startDaemon();
		const passes = async () => {
			await site.sql(`insert into gatepost.task (user_id, title) select '${newUser()}', 'Unheard' from generate_series(1, 20000)`);
			holds(await becomes(async () => (await site.sql("select count(*) from gatepost.change")) === "0", 10_000), "not passed on");
			await sleep(500);
		};
		await passes();
		const before_kib = daemon.memory_kib;
		for (let round = 0; round < 4; round++) await passes();
		if (!daemon.isSanitized) between(daemon.memory_kib - before_kib, -1_000_000, 1_024, "KiB more");
		await daemon.stop();
	});
}

export async function events(site, report) {
	await throughEachApi(site, report);
	await oneUserAndOthers(site, report);
	await bySql(site, report);
	await atTheBeginning(site, report);
	await inBulk(site, report);
	await inOrder(site, report);
}
