// SPDX-License-Identifier: Apache-2.0
// One exchange by the document: what it belongs to, and what about it is not as the document says.
import { mediaTypeOf } from "./api.mjs";

export const outside = "paths that no template fits";
export const other_methods = "methods that a path has not";
export const preflights = "preflights";
export const options = "OPTIONS of a path";

const json = "application/json";
const is_json = /^application\/([^;]+\+)?json\b/i;

/**
 * api: the promise; exchange: out of a recording, answered by gatepost
 * Returns { about, complaints, entry }: about is an operation's name or one of the names above, entry the
 * status of the operation under which the answer is listed. undefined where the path was not kept.
 */
export function judge(api, { request, answer }) {
	if (request.target === undefined) return undefined;
	const path = pathIn(request.target);
	const found = api.pathOf(path.segments);
	if (isPreflight(request)) return { about: preflights, complaints: wrongStatus(answer, 204, 400) };
	if (!found) return { about: outside, complaints: wrongStatus(answer, 404, 400) };
	if (!path.isText && [400, 404].includes(answer.status)) return { about: outside, complaints: [] };
	const operation = found.operationFor(request.method);
	if (operation) return { about: operation.name, ...judgeOperation(api, operation, request, answer) };
	if (request.method === "OPTIONS")
		return { about: options, complaints: [...wrongStatus(answer, 204), ...wrongAllow(found, answer)] };
	return { about: other_methods, complaints: [...wrongStatus(answer, 405), ...wrongAllow(found, answer)] };
}

/**
 * Segments decoded once, a character for each byte. A slash at the end changes nothing; a query is no part
 * of it, nor is what a proxy puts in front. What is no text, or has control characters in it, is no value
 * of a parameter, so that such a path may be refused before anybody looks for its template.
 */
function pathIn(target) {
	const [path] = target.replace(/^https?:\/\/[^/?]*/i, "").split("?");
	const decoded = path.replace(/(?<=.)\/$/s, "").split("/").slice(1).map(decode);
	return { segments: decoded, isText: decoded.every(isText) };
}

const decode = (text) => text.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isText(segment) {
	try {
		return !/[\0-\x1f\x7f-\x9f]/.test(utf8.decode(Buffer.from(segment, "latin1")));
	} catch {
		return false;
	}
}

const isPreflight = ({ method, fields }) =>
	method === "OPTIONS" && fields.has("origin") && fields.has("access-control-request-method");

function wrongStatus(answer, ...statuses) {
	return statuses.includes(answer.status) ? [] : [`status ${answer.status}, not ${statuses.join(" or ")}`];
}

function wrongAllow(path, answer) {
	const given = (answer.fields.get("allow") ?? []).flatMap((text) => text.split(",")).map((text) => text.trim());
	const list = (names) => [...names].sort().join(", ");
	return list(given) === list(path.allowed) ? [] : [`Allow is ${list(given) || "absent"}, not ${list(path.allowed)}`];
}

function judgeOperation(api, operation, request, answer) {
	const entry = operation.entryFor(answer.status);
	if (!entry) return { complaints: [`status ${answer.status} is none of ${operation.statuses.join(", ")}`] };
	const response = operation.response(entry);
	const complaints = [
		...wrongFields(api, response, answer),
		...wrongContent(api, response, answer, request.method === "HEAD"),
		...(answer.status < 300 ? wronglyAccepted(api, operation, request) : []),
	];
	return { entry, complaints: complaints.map((complaint) => `${answer.status}: ${complaint}`) };
}

function wrongFields(api, response, answer) {
	return (response.at("headers")?.members() ?? []).flatMap(([name, field]) => {
		const values = answer.fields.get(name.toLowerCase()) ?? [];
		if (!values.length) return field.at("required")?.value ? [`no ${name}`] : [];
		const schema = field.at("schema");
		return schema ? api.schemas.judgeText(schema, values.join(", ")).map((why) => `${name}: ${why}`) : [];
	});
}

function wrongContent(api, response, { fields, body }, isHead) {
	const content = response.at("content");
	const [type] = fields.get("content-type") ?? [];
	if (isHead && body.length) return ["a body in answer to HEAD"];
	if (!content?.members().length) return body.length || type ? [`a body, ${type}, where none is listed`] : [];
	if (!type) return ["no Content-Type"];
	const media = mediaTypeOf(content, type);
	if (!media) return [`Content-Type ${type} is not listed`];
	return isHead ? [] : wrongBody(api, media, type, body);
}

function wrongBody(api, media, type, body) {
	const schema = media.at("schema");
	if (!schema || !body.isKept) return [];
	try {
		return api.schemas.judge(schema, valueOf(type, body.bytes)).map((why) => `body${why[0] === "/" ? "" : " "}${why}`);
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof TypeError) return [`body is no ${type}`];
		throw error;
	}
}

/** Throws where the bytes are no UTF-8, or no JSON. */
function valueOf(type, bytes) {
	const text = utf8.decode(bytes);
	return is_json.test(type) ? JSON.parse(text) : text;
}

/** What the document forbids and the program takes: one of them is wrong. */
function wronglyAccepted(api, operation, { fields, body }) {
	const complaints = [];
	if (api.demandsCredential(operation) && !fields.has("authorization") && !fields.has("cookie"))
		complaints.push("accepted without the credential that is demanded");
	const declared = operation.place.at("requestBody");
	if (!declared) return complaints;
	if (!body.length && declared.at("required")?.value) complaints.push("accepted without the required body");
	if (!body.length) return complaints;
	const wrong = wrongRequest(api, declared, fields, body);
	return [...complaints, ...wrong.map((why) => `accepted, though in the request ${why}`)];
}

/** JSON by another name, or by none, is taken for what is listed as JSON (RFC 9110 section 8.3). */
function wrongRequest(api, declared, fields, body) {
	const [type = json] = fields.get("content-type") ?? [];
	const content = declared.at("content");
	const media = mediaTypeOf(content, type) ?? (is_json.test(type) ? mediaTypeOf(content, json) : undefined);
	return media ? wrongBody(api, media, type, body) : [`Content-Type ${type} is not listed`];
}
