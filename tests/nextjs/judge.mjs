// SPDX-License-Identifier: Apache-2.0
// Claims whose failure says what was expected and what came.
import assert from "node:assert/strict";

const limit_ms = 15_000;

export function same(given, expected) {
	try {
		assert.deepStrictEqual(given, expected);
	} catch {
		assert.fail(`expected: ${JSON.stringify(expected)}\ngiven: ${JSON.stringify(given)}`);
	}
}

export function holds(claim, given) {
	if (!claim) assert.fail(`given: ${JSON.stringify(given)}`);
}

/** What ask() gives becomes the expected; pages need a moment. */
export async function becomes(ask, expected) {
	const deadline = Date.now() + limit_ms;
	let given;
	do {
		given = await ask().catch((error) => String(error));
		if (JSON.stringify(given) === JSON.stringify(expected)) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	} while (Date.now() < deadline);
	same(given, expected);
}

/** The element is there and can be seen. */
export const shows = (locator) => locator.waitFor({ state: "visible", timeout: limit_ms });
