// SPDX-License-Identifier: Apache-2.0
// A running gatepost as a client sees it, and what the test demands of it: that a credential is accepted,
// as whom, and that one is refused. Knows how long a worker may take to notice a new or a withdrawn key.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

// A worker that met an unknown key reads the keys again, but not within a second after the last time.
const reread_ms = 1_100;
const notice_ms = 3_000;
const several = 12; // requests at once, so that each of the four workers gets some

export class Gatepost {
	constructor(url, settings) {
		this.url = url;
		this.settings = settings;
	}

	async request(method, credential, body, scheme = "Bearer") {
		const response = await fetch(`${this.url}/tasks`, {
			method,
			headers: { Authorization: `${scheme} ${credential}`, ...(body && { "Content-Type": "application/json" }) },
			body: body && JSON.stringify(body),
		});
		const text = await response.text();
		return { status: response.status, text, said: `${method} /tasks answered ${response.status} ${text.slice(0, 200)}` };
	}

	/** The credential is good, and its bearer is the user. */
	async accepts(credential, user, scheme) {
		const list = await this.request("GET", credential, undefined, scheme);
		assert.equal(list.status, 200, list.said);
		const made = await this.request("POST", credential, { text: "Water the plants" }, scheme);
		assert.equal(made.status, 201, made.said);
		assert.equal(JSON.parse(made.text).user_id, user.id, "the task belongs to somebody else");
	}

	/** The same for a token whose key may be new to the workers, each of which has to see it. */
	async acceptsSoon(credential, user, limit_ms = notice_ms) {
		const first = await this.until(200, credential, limit_ms);
		assert.equal(first.status, 200, first.said);
		await Promise.all(Array.from({ length: several }, () => this.request("GET", credential)));
		await sleep(reread_ms);
		await this.everyWorker(200, credential);
		await this.accepts(credential, user);
	}

	async refuses(credential) {
		for (const [method, body] of [["GET"], ["POST", { text: "Not mine" }]]) {
			const answer = await this.request(method, credential, body);
			assert.equal(answer.status, 401, answer.said);
		}
	}

	async refusesWithin(limit_ms, credential) {
		const deadline = Date.now() + limit_ms;
		for (;;) {
			try {
				return await this.everyWorker(401, credential);
			} catch (error) {
				if (Date.now() > deadline) throw error;
			}
			await sleep(500);
		}
	}

	async everyWorker(status, credential) {
		const answers = await Promise.all(Array.from({ length: several }, () => this.request("GET", credential)));
		for (const answer of answers) assert.equal(answer.status, status, answer.said);
	}

	async until(status, credential, limit_ms) {
		const deadline = Date.now() + limit_ms;
		for (;;) {
			const answer = await this.request("GET", credential);
			if (answer.status === status || Date.now() > deadline) return answer;
			await sleep(200);
		}
	}
}
