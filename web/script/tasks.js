// SPDX-License-Identifier: Apache-2.0
//
// The page of tasks: what is in the address is shown, what is done is shown at once and sent behind it, and what
// happens elsewhere comes in by the WebSocket. task-list.js knows what the list looks like at any moment; here are
// the document and the API.

import { askApi, Failure, requireUser, signOut } from "./client.js";
import { follow } from "./live.js";
import { pageSize, TaskList } from "./task-list.js";

const readAgainMs = 300; // news come in bunches: the list is read once for all of them
const retryMs = 3000; // after a reading that failed
const patienceMs = 500; // for the connection, before tasks are read without one
const quietMs = 1500; // a connection that is back by then was never worth a word

const shows = { all: "No tasks yet.", open: "No open tasks.", done: "No done tasks." };

const find = (selector) => document.querySelector(selector);
const listBox = find("#tasks");
const emptyBox = find("#empty");
const alertBox = find("[role=alert]");
const newsBox = find("#news");
const liveBox = find("#live");
const addForm = find("#add");
const filterLinks = document.querySelectorAll("#filter a");
const [previous, next] = document.querySelectorAll("#pages button");

let path; // of this user's tasks in the API
let place; // what is shown: { show, page }
let list; // TaskList of that place, once it is known
let begin;
const hasBegun = new Promise((resolve) => (begin = resolve));
let hasMore = false; // whether there is a page behind this one

// --- the place: which tasks are shown ---

function placeFromAddress() {
	const query = new URLSearchParams(location.search);
	const show = Object.hasOwn(shows, query.get("show")) ? query.get("show") : "all";
	const page = Number(query.get("page"));
	return { show, page: Number.isSafeInteger(page) && page > 0 ? page : 1 };
}

function addressOf({ show, page }) {
	const query = new URLSearchParams();
	if (show !== "all") query.set("show", show);
	if (page > 1) query.set("page", page);
	return `/${query.size > 0 ? "?" : ""}${query}`;
}

function goTo(where, { instead = false } = {}) {
	if (instead) history.replaceState(null, "", addressOf(where));
	else history.pushState(null, "", addressOf(where));
	return arrive();
}

// Resolves when the tasks of the place in the address are shown.
function arrive() {
	place = placeFromAddress();
	list = new TaskList(place.show, place.page === 1);
	hasMore = false;
	for (const link of filterLinks) {
		if (link.dataset.show === place.show) link.setAttribute("aria-current", "page");
		else link.removeAttribute("aria-current");
	}
	rows.forEach(stopEditing);
	beBusy(true);
	return read();
}

// --- reading ---

const missedMost = 3; // readings in a row that may be thrown away for being behind

let reading = false;
let missed = 0; // how many were
let isBehind = false; // whether something changed since the reading began
let failed = false; // whether one did, and the page says so
let wasEmpty = false; // whether the page before this one was, too
let timer = null;

async function read() {
	clearTimeout(timer);
	timer = null;
	let againMs = readAgainMs;
	const mine = list;
	reading = true;
	isBehind = false;
	try {
		const { answer, headers } = await askApi("GET", `${path}?${pageQuery()}`);
		if (mine === list && !missedTooMuch()) await take(answer, headers.get("Link") ?? "");
	} catch (failure) {
		if (mine !== list) return;
		// What became of a change is of more use, and stays.
		if (alertBox.textContent === "") {
			complain(inWords(failure));
			failed = true;
		}
		if (!mayPass(failure)) return;
		isBehind = true;
		againMs = Math.max(retryMs, failure.retryAfter * 1000);
	} finally {
		if (mine === list) {
			reading = false;
			if (isBehind) readSoon(againMs);
		}
	}
}

// Whether the same request can get another answer without anybody's doing.
function mayPass({ status }) {
	return status === 0 || status === 429 || status >= 500;
}

// Another reading is on its way then; but where things never rest, an answer that is behind is better than none.
function missedTooMuch() {
	missed = isBehind ? missed + 1 : 0;
	return missed > 0 && missed <= missedMost;
}

async function take(tasks, links) {
	list.replace(tasks);
	hasMore = links.includes('rel="next"');
	if (failed) complain("");
	beBusy(false);
	const isPastTheEnd = tasks.length === 0 && place.page > 1;
	const page = wasEmpty ? 1 : place.page - 1;
	wasEmpty = isPastTheEnd;
	if (isPastTheEnd) await goTo({ ...place, page }, { instead: true });
	else draw();
}

function beBusy(busy) {
	listBox.inert = busy;
	listBox.setAttribute("aria-busy", busy);
}

function pageQuery() {
	const query = new URLSearchParams({ limit: pageSize, offset: (place.page - 1) * pageSize });
	if (place.show !== "all") query.set("completed", place.show === "done");
	return query;
}

// Not while a reading is under way: their answers might come in the other order. Its end begins the next.
function readSoon(afterMs = readAgainMs) {
	isBehind = true;
	if (!reading) timer ??= setTimeout(read, afterMs);
}

function put(task) {
	if (list.put(task)) hasMore = true;
}

// A list of one page is right without reading it again, unless a reading is under way that may have missed this.
function changed() {
	if (hasMore || place.page > 1 || reading) readSoon();
	draw();
}

// --- what is done here ---

// By task: the end of what is under way, because changes to one task go one by one. So do all that add one, because
// the server keeps the order in which they come.
const turns = new Map();

function inTurn(id, send) {
	const turn = (turns.get(id) ?? Promise.resolve()).then(send);
	const end = turn.then(
		() => {},
		() => {},
	);
	turns.set(id, end);
	end.then(() => {
		if (turns.get(id) === end) turns.delete(id);
	});
	return turn;
}

// Show a change, send it, and keep it or take it back. Returns whether it was kept.
async function make(change, verb, news, send) {
	const mine = list;
	complain(""); // here, because when this one succeeds another one may have failed meanwhile
	draw();
	try {
		await inTurn(change.kind === "add" ? "add" : change.id, send);
		mine.end(change);
		newsBox.textContent = news;
		changed();
		return true;
	} catch (failure) {
		mine.end(change);
		complain(`The task could not be ${verb}: ${inWords(failure)}`);
		if (failure.status === 404) list.remove(change.id);
		// The server may have done it all the same.
		if (mayPass(failure)) readSoon(retryMs);
		draw();
		return false;
	}
}

let adding = Promise.resolve(); // until nothing is being added

function add(title) {
	const added = make(list.add({ title }), "added", "Task added.", async () => put((await askApi("POST", path, { title })).answer));
	adding = Promise.all([adding, added]);
	return added;
}

function edit(id, fields, news) {
	return make(list.edit(id, fields), "saved", news, async () => put((await askApi("PUT", `${path}/${id}`, fields)).answer));
}

function remove(id) {
	return make(list.delete(id), "deleted", "Task deleted.", async () => {
		await askApi("DELETE", `${path}/${id}`);
		list.remove(id);
	});
}

// --- what happens elsewhere ---

async function hear({ type, id, task }) {
	// Its own news may be here before the answer, and would show a task twice for a moment.
	if (type === "task.created") await adding;
	if (type === "resync") {
		readSoon();
		return;
	}
	if (!type.startsWith("task.")) return;
	if (type === "task.deleted" || task === null) list.remove(id);
	else if (task && task.id === id) put(task);
	changed();
}

let quiet = null;

function showConnection(isLive) {
	clearTimeout(quiet);
	if (isLive) liveBox.textContent = "Live";
	else quiet = setTimeout(() => (liveBox.textContent = "Reconnecting …"), quietMs);
}

// --- the document ---

const rows = new Map(); // by task id: its element and what is in it

function draw() {
	const tasks = list.shown();
	const ids = new Set(tasks.map(({ id }) => id));
	for (const [id, row] of rows) {
		if (!ids.has(id)) takeAway(id, row);
	}
	let before = null;
	for (const task of tasks) {
		const row = rows.get(task.id) ?? newRow(task.id);
		fill(row, task);
		const there = before ? before.nextElementSibling : listBox.firstElementChild;
		if (there !== row.item) listBox.insertBefore(row.item, there);
		before = row.item;
	}
	emptyBox.hidden = tasks.length > 0 || listBox.inert;
	emptyBox.textContent = shows[place.show];
	disable(previous, place.page === 1);
	disable(next, !hasMore);
	find("#pages").hidden = place.page === 1 && !hasMore;
}

// Not by the attribute, which would take the focus away from whoever is paging with the keyboard.
function disable(button, isDisabled) {
	button.setAttribute("aria-disabled", isDisabled);
}

function copyOf(template) {
	return find(template).content.firstElementChild.cloneNode(true);
}

function newRow(id) {
	const item = copyOf("#task");
	const part = (selector) => item.querySelector(selector);
	const row = {
		item,
		task: null, // as it is shown
		form: null, // while it is being edited,
		begun: null, // and the task as it was then
		shown: part(".shown"),
		box: part("[type=checkbox]"),
		title: part(".title"),
		description: part(".description"),
		edit: part(".edit"),
		delete: part(".delete"),
	};
	row.box.addEventListener("change", () => {
		const completed = row.box.checked;
		edit(id, { completed }, completed ? "Task completed." : "Task reopened.");
	});
	row.edit.addEventListener("click", () => beginEditing(row, row.task));
	row.delete.addEventListener("click", () => remove(id));
	rows.set(id, row);
	return row;
}

function fill(row, task) {
	row.task = task;
	row.box.checked = task.completed;
	row.title.textContent = task.title;
	row.description.textContent = task.description ?? "";
	row.description.hidden = !task.description;
	row.item.classList.toggle("completed", task.completed);
	row.edit.setAttribute("aria-label", `Edit ${task.title}`);
	row.delete.setAttribute("aria-label", `Delete ${task.title}`);
	// A task that the server has not answered for yet has no id to change it by.
	for (const control of [row.box, row.edit, row.delete]) control.disabled = Boolean(task.isNew);
}

// Whoever was on it goes to its neighbour.
function takeAway(id, { item, form }) {
	const neighbour = item.nextElementSibling ?? item.previousElementSibling;
	const hadFocus = item.contains(document.activeElement);
	if (form) complain("The task that you were editing is not here any more.");
	rows.delete(id);
	item.remove();
	if (hadFocus) (neighbour?.querySelector("[type=checkbox]") ?? addForm.elements.title).focus();
}

function beginEditing(row, task, typed = task) {
	const form = copyOf("#editing");
	form.elements.title.value = typed.title;
	form.elements.description.value = typed.description ?? "";
	form.querySelector(".cancel").addEventListener("click", () => endEditing(row));
	form.addEventListener("keydown", (event) => {
		if (event.key === "Escape") endEditing(row);
	});
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		saveEditing(row);
	});
	row.form = form;
	row.begun = task;
	row.shown.hidden = true;
	row.item.append(form);
	form.elements.title.focus();
}

function stopEditing(row) {
	row.shown.hidden = false;
	row.form?.remove();
	row.form = null;
}

function endEditing(row) {
	stopEditing(row);
	row.edit.focus();
}

// Sends what was changed and nothing else: another tab may have changed the rest.
async function saveEditing(row) {
	const { begun: task, form } = row;
	const typed = { title: form.elements.title.value.trim(), description: form.elements.description.value || null };
	if (typed.title === "") return;
	const fields = {};
	if (typed.title !== task.title) fields.title = typed.title;
	if (typed.description !== (task.description || null)) fields.description = typed.description;
	endEditing(row);
	if (Object.keys(fields).length === 0 || (await edit(task.id, fields, "Task saved."))) return;
	// What was typed is not lost.
	if (row.item.isConnected && !row.form) beginEditing(row, task, typed);
}

function complain(sentence) {
	failed = false;
	alertBox.textContent = sentence;
	if (sentence) newsBox.textContent = "";
}

function inWords(failure) {
	if (failure instanceof Failure) return failure.message;
	reportError(failure); // to the console: it is a mistake of this page
	return "There is a mistake in this page.";
}

// --- what can be pressed ---

addForm.addEventListener("submit", async (event) => {
	event.preventDefault();
	await hasBegun; // what comes too early is done then
	const field = addForm.elements.title;
	const title = field.value.trim();
	field.value = "";
	if (title === "" || (await add(title))) return;
	if (field.value === "") field.value = title;
});

for (const link of filterLinks) {
	link.addEventListener("click", (event) => {
		if (!list || event.ctrlKey || event.metaKey || event.shiftKey) return; // too early, or for another tab or window
		event.preventDefault();
		goTo({ show: link.dataset.show, page: 1 });
	});
}

for (const [button, step] of [
	[previous, -1],
	[next, 1],
]) {
	button.addEventListener("click", async () => {
		if (button.getAttribute("aria-disabled") === "true") return;
		await goTo({ ...place, page: place.page + step });
		find("h1").focus();
	});
}

addEventListener("popstate", () => list && arrive());
find("#sign-out").addEventListener("click", () => signOut().catch((failure) => complain(inWords(failure))));

async function start() {
	try {
		const { user } = await requireUser();
		path = `/api/${encodeURIComponent(user.id)}/tasks`;
	} catch (failure) {
		complain(inWords(failure));
		failed = true; // until something is read
		if (mayPass(failure)) setTimeout(start, Math.max(retryMs, failure.retryAfter * 1000));
		return;
	}
	// The connection goes first, so that nothing can happen between reading and hearing. Nobody waits for it for long.
	await Promise.race([
		new Promise((isLive) => follow({ heard: (message) => (list ? hear(message) : isLive()), shown: showConnection })),
		new Promise((isLate) => setTimeout(isLate, patienceMs)),
	]);
	const isRead = arrive();
	begin();
	await isRead;
}

start();
