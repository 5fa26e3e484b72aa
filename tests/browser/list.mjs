// SPDX-License-Identifier: Apache-2.0
// What the list of tasks shows after what the server said and what was changed here, in whichever order that came:
// web/script/task-list.js by itself, as the browser loads it.
import { same } from "./judge.mjs";

const task = (id, title, more = {}) => ({ id, title, completed: false, created_at: `2026-01-01T00:00:0${id % 10}.000000Z`, updated_at: "2026-01-01T00:01:00.000000Z", ...more });
const later = { updated_at: "2026-01-01T00:02:00.000000Z" };
const earlier = { updated_at: "2026-01-01T00:00:30.000000Z" };
const whole = Array.from({ length: 20 }, (_, index) => task(100 - index, `Task ${100 - index}`, { created_at: `2026-01-01T00:00:${80 - index}.000000Z` }));
const names = (first, last) => Array.from({ length: first - last + 1 }, (_, index) => `Task ${first - index}`);

// A deed is [method, argument...]; "begin" makes a change and keeps it under a name, "end" ends it.
// full is what the last put says: whether a task fell off the end of the page.
const cases = [
	{ name: "what was read, in the order of the server", deeds: [["replace", [task(2, "b"), task(1, "a")]]], shows: ["b", "a"] },
	{ name: "a task made elsewhere comes to its place by age", deeds: [["replace", [task(3, "c"), task(1, "a")]], ["put", task(2, "b")]], shows: ["c", "b", "a"], full: false },
	{ name: "of the same moment the higher id is the newer", deeds: [["replace", [task(1, "a")]], ["put", task(11, "k")]], shows: ["k", "a"] },
	{ name: "an older message does not undo a newer one", deeds: [["replace", [task(1, "a")]], ["put", task(1, "new", later)], ["put", task(1, "old", earlier)]], shows: ["new"] },
	{ name: "a deleted task does not come back", deeds: [["replace", [task(1, "a")]], ["remove", 1], ["put", task(1, "a", later)]], shows: [] },
	{ name: "nor by a reading that began before", deeds: [["replace", [task(1, "a")]], ["remove", 1], ["replace", [task(1, "a")]]], shows: [] },
	{ name: "a page stays a page", deeds: [["replace", whole], ["put", task(101, "Task 101", { created_at: "2026-01-01T00:01:30.000000Z" })]], shows: ["Task 101", ...names(100, 82)], full: true },
	{ name: "what is new belongs to the first page", isFirst: false, deeds: [["replace", [task(1, "a")]], ["put", task(2, "b")]], shows: ["a"], full: false },
	{ name: "what is known changes on any page", isFirst: false, deeds: [["replace", [task(1, "a")]], ["put", task(1, "b", later)]], shows: ["b"], full: false },
	{ name: "a done task leaves the open ones", show: "open", deeds: [["replace", [task(1, "a"), task(2, "b")]], ["put", task(2, "b", { completed: true, ...later })]], shows: ["a"] },
	{ name: "a task that was reopened leaves the done ones", show: "done", deeds: [["replace", [task(1, "a", { completed: true })]], ["put", task(1, "a", later)]], shows: [] },
	{ name: "what does not fit and was not there changes nothing", show: "done", deeds: [["replace", []], ["put", task(1, "a")]], shows: [], full: false },
	{ name: "what is being added is on top", deeds: [["replace", [task(1, "a")]], ["begin", "x", "add", { title: "new" }]], shows: ["new", "a"] },
	{ name: "and gives way to what the server made of it", deeds: [["replace", [task(1, "a")]], ["begin", "x", "add", { title: "new" }], ["put", task(2, "new")], ["end", "x"]], shows: ["new", "a"] },
	{ name: "an addition that failed is gone", deeds: [["replace", [task(1, "a")]], ["begin", "x", "add", { title: "new" }], ["end", "x"]], shows: ["a"] },
	{ name: "of two additions the second is on top", deeds: [["replace", []], ["begin", "x", "add", { title: "first" }], ["begin", "y", "add", { title: "second" }]], shows: ["second", "first"] },
	{ name: "an edit shows at once", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { title: "b" }]], shows: ["b"] },
	{ name: "an edit that failed is taken back", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { title: "b" }], ["end", "x"]], shows: ["a"] },
	{ name: "to what was said meanwhile", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { title: "b" }], ["put", task(1, "c", later)], ["end", "x"]], shows: ["c"] },
	{ name: "and holds while something else is said", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { title: "b" }], ["put", task(1, "c", later)]], shows: ["b"] },
	{ name: "of two edits the second shows, and the first's end does not matter", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { title: "b" }], ["begin", "y", "edit", 1, { title: "c" }], ["end", "x"]], shows: ["c"] },
	{ name: "ticking takes a task out of the open ones at once", show: "open", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { completed: true }]], shows: [] },
	{ name: "and a failure brings it back", show: "open", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { completed: true }], ["end", "x"]], shows: ["a"] },
	{ name: "a deletion shows at once", deeds: [["replace", [task(2, "b"), task(1, "a")]], ["begin", "x", "delete", 2]], shows: ["a"] },
	{ name: "and a failure brings the task back to its place", deeds: [["replace", [task(2, "b"), task(1, "a")]], ["begin", "x", "delete", 2], ["end", "x"]], shows: ["b", "a"] },
	{ name: "an edit of what was deleted elsewhere shows nothing", deeds: [["replace", [task(1, "a")]], ["begin", "x", "edit", 1, { title: "b" }], ["remove", 1]], shows: [] },
];

// Runs in the page.
async function perform(cases) {
	const { TaskList } = await import("/script/task-list.js");
	return cases.map(({ show = "all", isFirst = true, deeds }) => {
		const list = new TaskList(show, isFirst);
		const begun = {};
		let full = null;
		for (const [deed, ...rest] of deeds) {
			if (deed === "begin") begun[rest[0]] = list[rest[1]](...rest.slice(2));
			else if (deed === "end") list.end(begun[rest[0]]);
			else full = list[deed](...rest) ?? full;
		}
		return { shows: list.shown().map(({ title }) => title), full };
	});
}

export async function list({ check }) {
	let outcomes;
	await check("the list of tasks loads by itself", async (desk) => {
		outcomes = await (await desk.page("/login/")).evaluate(perform, cases);
	});
	for (const [index, { name, shows, full }] of cases.entries()) {
		await check(name, async () => {
			same(outcomes[index].shows, shows);
			if (full !== undefined) same(outcomes[index].full, full);
		});
	}
}
