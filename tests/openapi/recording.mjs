// SPDX-License-Identifier: Apache-2.0
// Reads what http-tests wrote: see tests/http/recording.h. Texts become strings with a character for each byte.
import { readFile } from "node:fs/promises";

export async function exchangesIn(file) {
	const lines = (await readFile(file, "utf8")).split("\n");
	return lines.flatMap((line, i) => (line ? [{ ...exchangeOf(JSON.parse(line)), line: i + 1 }] : []));
}

export function exchangeOf({ request, answer }) {
	return {
		request: {
			method: request.method,
			target: textOf(request.path),
			fields: fieldsOf(request.fields),
			body: bodyOf(request.body),
		},
		answer: { by: answer.by, status: answer.status, fields: fieldsOf(answer.fields), body: bodyOf(answer.body) },
	};
}

/** undefined: it was too long to be kept. */
function textOf(value) {
	if (typeof value === "string") return value;
	return value.base64 === undefined ? undefined : Buffer.from(value.base64, "base64").toString("latin1");
}

function bodyOf(value) {
	const text = value === null ? "" : textOf(value);
	return { isKept: text !== undefined, length: value?.length ?? text.length, bytes: Buffer.from(text ?? "", "latin1") };
}

/** The values of each field, by its name in small letters. */
function fieldsOf(value) {
	const fields = new Map();
	for (const line of (textOf(value) ?? "").split("\r\n")) {
		const [, name, text] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
		if (name) fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), text]);
	}
	return fields;
}
