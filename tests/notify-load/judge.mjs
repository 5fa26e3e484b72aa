// SPDX-License-Identifier: Apache-2.0
// Whether a client has been told exactly what its user's author has done.
import { isDeepStrictEqual } from "node:util";

const members = ["id", "uuid", "user_id", "title", "description", "completed", "created_at", "updated_at"];

/**
 * What is wrong with what a client was told, as sentences, at most `most` of them. A task may be newer than the
 * change, but never older than it, and never older than it was in the message before.
 */
export function faultsOf(author, messages, most = 3) {
	const faults = [];
	const seen = new Map(); // task -> the newest state that has been shown
	for (let i = 0; i < Math.max(author.history.length, messages.length) && faults.length < most; i++) {
		const fault = faultOf(author, author.history[i], messages[i], seen);
		if (fault) faults.push(`${author.user}, message ${i}: ${fault}; came: ${JSON.stringify(messages[i])}`);
	}
	return faults;
}

function faultOf(author, entry, message, seen) {
	if (entry === undefined) return "more than was done";
	const expected = `${entry.type} ${entry.task.key}`;
	if (message === undefined) return `${expected} is missing`;
	if (message.type !== entry.type || entry.task.reach.keyOf(message) !== entry.task.key) return `not ${expected}`;
	if (!isDeepStrictEqual(Object.keys(message), ["type", "id", "uuid", "task"])) return "other members";
	const number = stateOf(author, entry, message, seen.get(entry.task) ?? 0);
	if (typeof number === "string") return number;
	seen.set(entry.task, number);
	return null;
}

/** The number of the state that a message shows, or a sentence about what is wrong with it. */
function stateOf(author, { task, state }, { id, uuid, task: shown }, newest) {
	if (shown === null) return task.gone ? Infinity : "no task, though it is there";
	if (state === null) return "a task, though it is gone";
	if (!isDeepStrictEqual(Object.keys(shown), members)) return "other members of the task";
	if (shown.user_id !== author.user) return "the task of somebody else";
	if (shown.id !== id || shown.uuid !== uuid) return "two tasks";
	for (let number = Math.max(state, newest); number < task.states.length; number++) {
		const { title, description, completed } = task.states[number];
		if (shown.title === title && shown.description === description && shown.completed === completed) return number;
	}
	return "a task as it was never, or before the change, or before what was told last";
}
