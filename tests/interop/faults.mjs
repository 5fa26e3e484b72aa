// SPDX-License-Identifier: Apache-2.0
// What could be wrong with an answer: each of its parts left out, changed, or with something added.

/** [what is wrong, the answer with it] for an answer to an exchange whose recorded one is given */
export function* faultsOf(recorded, answer) {
	yield ["another status", { ...answer, status: answer.status + 1 }];
	yield* headerFaults(recorded, answer);
	for (const [index, line] of (answer.headers["set-cookie"] ?? []).entries()) yield* cookieFaults(answer, index, line);
	if (recorded.body !== undefined) yield* bodyFaults(answer);
}

function* headerFaults(recorded, answer) {
	const withHeaders = (change) => ({ ...answer, headers: { ...answer.headers, ...change } });
	for (const name of Object.keys(recorded.headers)) yield [`no ${name}`, withHeaders({ [name]: undefined })];
	for (const name of ["content-type", "cache-control", "pragma", "location", "access-control-expose-headers"]) {
		const value = answer.headers[name];
		if (value !== undefined) yield [`another ${name}`, withHeaders({ [name]: `${value}; charset=utf-8` })];
	}
	yield ["a header too many", withHeaders({ "x-powered-by": "something" })];
	for (const name of ["set-auth-token", "set-auth-jwt"]) {
		const value = answer.headers[name];
		if (value === undefined) yield [`a ${name}`, withHeaders({ [name]: "something" })];
		else for (const [title, wrong] of textFaults(value)) yield [`${name} with ${title}`, withHeaders({ [name]: wrong })];
	}
	const cookies = answer.headers["set-cookie"] ?? [];
	yield ["a cookie too many", withHeaders({ "set-cookie": [...cookies, "more=; Path=/"] })];
	if (cookies.length > 1) yield ["the cookies in another order", withHeaders({ "set-cookie": cookies.toReversed() })];
}

const cookieChanges = [
	["another name", (line) => line.replace(/^(__Secure-)?better-auth\./, "better-auth-")],
	["no SameSite", (line) => line.replace("; SameSite=Lax", "")],
	["another case of SameSite", (line) => line.replace("SameSite=Lax", "SameSite=lax")],
	["no HttpOnly", (line) => line.replace("; HttpOnly", "")],
	["another Path", (line) => line.replace("Path=/", "Path=/api")],
	["another Max-Age", (line) => line.replace(/Max-Age=\d+/, "Max-Age=1")],
	["a Max-Age", (line) => line.replace(/^([^;]*; )Path/, "$1Max-Age=604800; Path")],
	["another order of attributes", (line) => line.replace("; HttpOnly", "").replace("; Path", "; HttpOnly; Path")],
	["no blank between attributes", (line) => line.replaceAll("; ", ";")],
	["Secure", (line) => line.replace("HttpOnly; SameSite", "HttpOnly; Secure; SameSite")],
	["no Secure", (line) => line.replace("; Secure", "")],
	["a value that is not percent-encoded", (line) => line.replace(/%3D/g, "=")],
	["small hexadecimal digits", (line) => line.replace(/%3D/g, "%3d")],
];

function* cookieFaults(answer, index, line) {
	const withLine = (...lines) => ({ ...answer, headers: { ...answer.headers,
		"set-cookie": answer.headers["set-cookie"].toSpliced(index, 1, ...lines) } });
	yield [`no cookie ${index}`, withLine()];
	for (const [title, change] of cookieChanges) {
		if (change(line) !== line) yield [`cookie ${index} with ${title}`, withLine(change(line))];
	}
	const [, name, value, attributes] = line.match(/^([^=]*=)([^;]*)(.*)$/);
	if (value === "") yield [`cookie ${index} with a value`, withLine(`${name}x${attributes}`)];
	for (const [title, wrong] of textFaults(decodeURIComponent(value))) yield [`cookie ${index} with ${title}`,
		withLine(`${name}${encodeURIComponent(wrong)}${attributes}`)];
}

function* bodyFaults(answer) {
	const withBody = (body) => ({ ...answer, body });
	yield ["text after the body", withBody(`${answer.body}x`)];
	if (answer.body === "") return;
	yield ["no body", withBody("")];
	if (answer.headers["content-type"] !== "application/json") return;
	for (const [title, wrong] of valueFaults(JSON.parse(answer.body), "body")) yield [title, withBody(JSON.stringify(wrong))];
}

function* valueFaults(value, place) {
	if (typeof value === "string") {
		for (const [title, wrong] of textFaults(value)) yield [`${place} with ${title}`, wrong];
	} else if (value === null || typeof value !== "object") {
		yield [`${place} of another value`, typeof value === "boolean" ? !value : typeof value === "number" ? value + 86_400_000 : {}];
		yield [`${place} as text`, String(value)];
	} else if (Array.isArray(value)) {
		yield [`${place} with one too many`, [...value, value[0]]];
		for (const [index, item] of value.entries()) {
			yield [`${place}[${index}] left out`, value.toSpliced(index, 1)];
			for (const [title, wrong] of valueFaults(item, `${place}[${index}]`)) yield [title, value.with(index, wrong)];
		}
	} else {
		yield [`${place} with a member too many`, { ...value, more: null }];
		for (const [name, item] of Object.entries(value)) {
			const { [name]: ignored, ...rest } = value;
			yield [`${place}.${name} left out`, rest];
			for (const [title, wrong] of valueFaults(item, `${place}.${name}`)) yield [title, { ...value, [name]: wrong }];
		}
	}
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function* textFaults(text) {
	if (text === "") return;
	yield ["something after it", `${text}x`];
	if (/^\d{4}-\d\d-\d\dT/.test(text)) {
		yield ["a day more", new Date(Date.parse(text) + 86_400_000).toISOString()];
		yield ["other digits", text.replace(/\.(\d)\d\dZ$/, ".$1Z")];
	} else if (/^eyJ[\w-]+\.eyJ/.test(text)) {
		yield* jwtFaults(text);
	} else if (/^[A-Za-z0-9]{32}$/.test(text)) {
		yield ["another one", text.replace(/./g, (letter) => (letter === "a" ? "b" : "a"))];
	} else {
		yield ["another letter", text.replace(/.$/, (letter) => (letter === "=" ? "A" : letter === "a" ? "b" : "a"))];
	}
}

function* jwtFaults(text) {
	const [header, payload, signature] = text.split(".");
	const read = (encoded) => JSON.parse(Buffer.from(encoded, "base64url"));
	yield ["a typ", [part({ ...read(header), typ: "JWT" }), payload, signature].join(".")];
	for (const [title, wrong] of valueFaults(read(header), "header")) yield [title, [part(wrong), payload, signature].join(".")];
	for (const [title, wrong] of valueFaults(read(payload), "claims")) yield [title, [header, part(wrong), signature].join(".")];
	yield ["a shorter signature", text.slice(0, -1)];
}
