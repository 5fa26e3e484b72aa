// SPDX-License-Identifier: Apache-2.0
// Claims whose failure says what was expected and what came, and waiting for things to become true.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

export { sleep };

const shown = (value) => {
	const text = typeof value === "string" ? value : JSON.stringify(value);
	return text === undefined ? "nothing" : text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
};

export function same(given, expected) {
	try {
		assert.deepStrictEqual(given, expected);
	} catch {
		assert.fail(`expected: ${shown(expected)}\ngiven: ${shown(given)}`);
	}
}

/** The text is one of several, or fits an expression. */
export function fits(given, expected) {
	const good = expected instanceof RegExp ? expected.test(given) : [expected].flat().includes(given);
	if (!good) assert.fail(`expected: ${expected instanceof RegExp ? expected : [expected].flat().join(" or ")}\ngiven: ${shown(given)}`);
}

export function holds(claim, given) {
	if (!claim) assert.fail(shown(given));
}

export function between(given, least, most, unit) {
	if (!(given >= least && given <= most)) assert.fail(`expected: ${least} to ${most} ${unit}\ngiven: ${given} ${unit}`);
}

/** Whether it becomes true in time; asks again and again. */
export async function becomes(claim, limit_ms, pause_ms = 50) {
	const deadline = Date.now() + limit_ms;
	while (!(await claim())) {
		if (Date.now() > deadline) return false;
		await sleep(pause_ms);
	}
	return true;
}
