// SPDX-License-Identifier: Apache-2.0
// The four APIs over one table of tasks, as the front ends that use them call them: where each is, and how
// its answers are to be read.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

const own = (answer) => answer;

/** `one` and `all` take a task and a list out of an answer. */
const apis = {
	"/tasks": { path: () => "/tasks", title: "text", made: 201, one: own, all: own },
	"/api/v1/todos": { path: () => "/api/v1/todos", title: "title", made: 201, one: own, all: own },
	"/api/v1/{user_id}/tasks": {
		path: (user) => `/api/v1/${user.id}/tasks`, title: "title", made: 200,
		one: ({ task }) => task, all: ({ tasks }) => tasks,
	},
	"/api/{user_id}/tasks": { path: (user) => `/api/${user.id}/tasks`, title: "title", made: 200, one: own, all: own },
};

export const apiNames = Object.keys(apis);

async function call(gatepost, credential, path, method = "GET", body = undefined) {
	const response = await fetch(gatepost.url + path, {
		method,
		headers: { Authorization: `Bearer ${credential}`, ...(body && { "Content-Type": "application/json" }) },
		body: body && JSON.stringify(body),
	});
	const text = await response.text();
	return { status: response.status, text, json: text && JSON.parse(text), said: `${method} ${path}: ${response.status} ${text.slice(0, 200)}` };
}

/** A task made through this API is the user's in all of them. */
export async function makesOneTaskForAll(gatepost, credential, user, name) {
	const api = apis[name];
	const title = `Made through ${name} ${randomUUID()}`;
	const made = await call(gatepost, credential, api.path(user), "POST", { [api.title]: title });
	assert.equal(made.status, api.made, made.said);
	assert.equal(api.one(made.json).user_id, user.id, made.said);
	for (const other of Object.values(apis)) {
		const list = await call(gatepost, credential, other.path(user));
		assert.equal(list.status, 200, list.said);
		assert.equal(other.all(list.json).filter((task) => task[other.title] === title).length, 1, list.said);
	}
}

/** What a page with a list of tasks does, each answer read as JSON. */
export async function worksThroughAPage(gatepost, credential, user) {
	const path = `/api/${user.id}/tasks`;
	const { json: task } = await call(gatepost, credential, path, "POST", { title: "Feed the cat", description: "Twice" });
	const at = `${path}/${task.id}`;
	const changed = await call(gatepost, credential, at, "PUT", { title: "Feed both cats" });
	assert.equal(changed.json.title, "Feed both cats", changed.said);
	assert.equal(changed.json.description, "Twice", changed.said);
	for (const completed of [true, false, true]) {
		const toggled = await call(gatepost, credential, `${at}/complete`, "PATCH");
		assert.equal(toggled.json.completed, completed, toggled.said);
	}
	const done = await call(gatepost, credential, `${path}?completed=true&limit=100`);
	assert.ok(done.json.some(({ id }) => id === task.id), done.said);
	const removed = await call(gatepost, credential, at, "DELETE");
	assert.equal(removed.status, 200, removed.said);
	assert.equal(removed.json.id, task.id, removed.said);
	const gone = await call(gatepost, credential, at);
	assert.equal(gone.status, 404, gone.said);
}

export async function tellsTheProfile(gatepost, credential, user, name) {
	const profile = await call(gatepost, credential, "/api/v1/me/profile");
	assert.deepEqual(profile.json, { id: user.id, email: user.email, name }, profile.said);
}

/** Somebody else's credential on the user's own paths. */
export async function keepsOthersOut(gatepost, credential, user) {
	for (const name of ["/api/v1/{user_id}/tasks", "/api/{user_id}/tasks"]) {
		for (const [method, body] of [["GET"], ["POST", { title: "Not mine to make" }]]) {
			const answer = await call(gatepost, credential, apis[name].path(user), method, body);
			assert.equal(answer.status, 403, answer.said);
		}
	}
}

export async function refusesThrough(gatepost, credential, user, name, detail) {
	const answer = await call(gatepost, credential, apis[name].path(user));
	assert.equal(answer.status, 401, answer.said);
	assert.deepEqual(answer.json, { detail }, answer.said);
}
