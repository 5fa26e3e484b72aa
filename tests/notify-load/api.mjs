// SPDX-License-Identifier: Apache-2.0
// Changes of tasks through the API, over connections that are kept open.
import http from "node:http";

const base = new URL(process.env.GATEPOST_TEST_URL ?? "http://127.0.0.1");
const kept = new http.Agent({ keepAlive: true });

function once(method, path, token, body, agent) {
	const text = body === undefined ? "" : JSON.stringify(body);
	const headers = { Authorization: `Bearer ${token}` };
	if (text || method === "POST") headers["Content-Type"] = "application/json";
	if (text || method !== "GET") headers["Content-Length"] = Buffer.byteLength(text);
	return new Promise((resolve, reject) => {
		const request = http.request({ host: base.hostname, port: base.port, method, path, headers, agent }, (response) => {
			const parts = [];
			response.on("data", (data) => parts.push(data));
			response.on("error", reject);
			response.on("end", () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
		});
		request.on("error", (error) => reject(Object.assign(error, { kept: request.reusedSocket })));
		request.end(text);
	});
}

/** Answers { status, text }. A web server may end a kept connection just when it is used; then on a new one. */
export async function ask(method, path, token, body) {
	try {
		return await once(method, path, token, body, kept);
	} catch (error) {
		if (!error.kept || error.code !== "ECONNRESET") throw error;
		return once(method, path, token, body, false);
	}
}
