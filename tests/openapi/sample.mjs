// SPDX-License-Identifier: Apache-2.0
// A small API that is not gatepost's, with a bit of everything that is judged: its document, and an answer
// to each kind of request that is as the document says.
import { exchangeOf } from "./recording.mjs";

const to = (kind, name) => ({ $ref: `#/components/${kind}/${name}` });
const json = (schema) => ({ "application/json": { schema } });
const refused = { description: "Refused", content: json(to("schemas", "Error")) };
const shelf_id = { name: "shelf_id", in: "path", required: true, schema: { type: "integer" } };

export const document = {
	openapi: "3.1.0",
	info: { title: "Shelves", version: "1" },
	security: [{ bearer: [] }],
	paths: {
		"/shelves": {
			get: {
				operationId: "list",
				security: [],
				responses: {
					200: {
						description: "All of them",
						headers: { ETag: to("headers", "ETag"), "X-Pages": { schema: { type: "integer" } } },
						content: json({ type: "array", items: to("schemas", "Shelf") }),
					},
					304: { description: "As before" },
				},
			},
			post: {
				operationId: "add",
				requestBody: { required: true, content: json(to("schemas", "NewShelf")) },
				responses: {
					201: { description: "It", content: json(to("schemas", "Shelf")) },
					"4XX": to("responses", "Refused"),
				},
			},
		},
		"/shelves/{shelf_id}": {
			parameters: [shelf_id],
			get: {
				operationId: "read",
				responses: { 200: { description: "It", content: json(to("schemas", "Shelf")) }, 404: refused },
			},
			delete: { operationId: "remove", responses: { 204: { description: "Gone" }, default: refused } },
		},
		"/shelves/top": {
			get: {
				operationId: "readTop",
				security: [{ bearer: [] }, {}],
				responses: { 200: { description: "Its name", content: { "text/plain": { schema: { type: "string" } } } } },
			},
		},
		"/{room}/{shelf_id}": {
			parameters: [{ name: "room", in: "path", required: true, schema: { type: "string" } }, shelf_id],
			put: { operationId: "move", responses: { 204: { description: "Moved" } } },
		},
	},
	components: {
		securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
		headers: { ETag: { required: true, schema: { type: "string", pattern: '^"' } } },
		responses: { Refused: refused },
		schemas: {
			Shelf: {
				type: "object",
				properties: { id: { type: "integer", minimum: 1 }, label: { type: ["string", "null"], example: "Poetry" } },
				required: ["id", "label"],
				additionalProperties: false,
			},
			NewShelf: { type: "object", properties: { label: { type: "string", minLength: 1 } }, required: ["label"] },
			Error: { type: "object", properties: { detail: { type: "string" } }, required: ["detail"] },
		},
	},
};

const typed = { "Content-Type": "application/json" };
const known = { Authorization: "Bearer x" };
const shelf = { id: 1, label: null };
const detail = { detail: "No" };

// What is asked, with which fields and body; the status, fields and body of the answer.
const rows = {
	list: ["GET /shelves", {}, null, 200, { ...typed, ETag: '"a"', "X-Pages": "2" }, [shelf]],
	list_of_none: ["GET /shelves/?page=/x", {}, null, 200, { ...typed, ETag: '"a"' }, []],
	list_unchanged: ["GET /shelves", {}, null, 304, {}, ""],
	list_head: ["HEAD /shelves", {}, null, 200, { ...typed, ETag: '"a"' }, ""],
	add: ["POST /shelves", { ...typed, ...known }, { label: "a" }, 201, typed, shelf],
	add_untyped: ["POST /shelves", known, { label: "a" }, 201, typed, shelf],
	add_otherwise: ["POST /shelves", { "Content-Type": "application/x+json", ...known }, { label: "a" }, 201, typed, shelf],
	add_refused: ["POST /shelves", typed, { label: "" }, 422, typed, detail],
	read: ["GET /shelves/1", known, null, 200, { "Content-Type": "application/json; charset=utf-8" }, shelf],
	read_encoded: ["GET /%73helves/%31", known, null, 200, typed, shelf],
	read_by_proxy: ["GET http://host:1/shelves/1", known, null, 200, typed, shelf],
	read_none: ["GET /shelves/2", {}, null, 404, typed, detail],
	read_long: ["GET /shelves/1", known, null, 200, typed, { length: 70_000 }],
	read_top_unknown: ["GET /shelves/top", {}, null, 200, { "Content-Type": "TEXT/plain" }, "Poetry"],
	read_top: ["GET /shelves/top", known, null, 200, { "Content-Type": "text/plain" }, "Poetry"],
	remove: ["DELETE /shelves/1", known, null, 204, {}, ""],
	remove_refused: ["DELETE /shelves/1", {}, null, 401, typed, detail],
	move: ["PUT /hall/1", known, null, 204, {}, ""],
	no_text: ["GET /shelves/%ff", {}, null, 400, typed, detail],
	control_character: ["GET /shelves/%0a", {}, null, 400, typed, detail],
	elsewhere: ["GET /", {}, null, 404, typed, detail],
	elsewhere_deeper: ["POST /shelves/1/books", {}, null, 404, typed, detail],
	other_method: ["PATCH /shelves", {}, null, 405, { Allow: "POST, GET,HEAD, OPTIONS" }, detail],
	other_method_in_two_fields: ["PATCH /shelves", {}, null, 405, { Allow: "POST, GET", allow: "HEAD, OPTIONS" }, detail],
	other_method_of_most_concrete: ["PUT /shelves/1", {}, null, 405, { Allow: "DELETE, GET, HEAD, OPTIONS" }, detail],
	options: ["OPTIONS /shelves", {}, null, 204, { Allow: "GET, HEAD, POST, OPTIONS" }, ""],
	options_from_elsewhere: ["OPTIONS /shelves", { Origin: "http://a" }, null, 204, { Allow: "GET, HEAD, POST, OPTIONS" }, ""],
	preflight: ["OPTIONS /", { Origin: "http://a", "Access-Control-Request-Method": "PUT" }, null, 204, {}, ""],
};

export const names = Object.keys(rows);

/** The exchange of that name; change gets the record of it, as http-tests would have written it, to spoil. */
export function exchange(name, change = () => {}) {
	const [asked, sent, body, status, fields, said] = rows[name];
	const [method, path] = asked.split(" ");
	const record = {
		request: { method, path, fields: { ...sent }, body },
		answer: { by: "gatepost", status, fields: { ...fields }, body: structuredClone(said) },
	};
	change(record);
	for (const part of [record.request, record.answer]) {
		part.fields = Object.entries(part.fields).map(([field, value]) => `${field}: ${value}\r\n`).join("");
		part.body = asRecorded(part.body);
	}
	return exchangeOf(record);
}

function asRecorded(body) {
	if (body === null || typeof body === "string") return body;
	const [only, ...others] = Object.keys(body);
	return !others.length && ["base64", "length"].includes(only) ? body : JSON.stringify(body);
}
