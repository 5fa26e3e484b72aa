// SPDX-License-Identifier: Apache-2.0
// What a document promises: which operation a request asks for, which answers that may have.
import { Place } from "./place.mjs";
import { Schemas } from "./schemas.mjs";

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export class Api {
	constructor(document) {
		this.root = new Place(document);
		this.schemas = new Schemas(document);
		this.paths = this.root.at("paths").members().map(([template, place]) => new Path(template, place));
		this.paths.sort(mostConcreteFirst);
	}

	get operations() {
		return this.paths.flatMap((path) => [...path.operations.values()]);
	}

	/** The path whose template fits, the most concrete one; undefined where none does. */
	pathOf(segments) {
		return this.paths.find((path) => path.fits(segments));
	}

	/** Whether an operation demands a credential: by itself, or as every operation does. */
	demandsCredential(operation) {
		const demanded = (operation.place.at("security") ?? this.root.at("security"))?.value ?? [];
		return demanded.length > 0 && demanded.every((schemes) => Object.keys(schemes).length > 0);
	}

	/** Every schema that an answer, a request or another schema may need. */
	get allSchemas() {
		return [...schemasBelow(this.root.at("paths")), ...schemasBelow(this.root.at("components"))];
	}
}

class Path {
	constructor(template, place) {
		this.template = template;
		this.segments = template.split("/").slice(1).map((text) => new Segment(text));
		this.operations = new Map(
			methods.filter((method) => place.at(method)).map((method) => {
				const operation = new Operation(method.toUpperCase(), this, place.at(method));
				return [operation.method, operation];
			}));
	}

	fits(segments) {
		return segments.length === this.segments.length &&
			this.segments.every((segment, i) => segment.fits(segments[i]));
	}

	/** HEAD asks for what GET gives. */
	operationFor(method) {
		return this.operations.get(method) ?? (method === "HEAD" ? this.operations.get("GET") : undefined);
	}

	/** What Allow must list. */
	get allowed() {
		const own = [...this.operations.keys()];
		return new Set([...own, ...(own.includes("GET") ? ["HEAD"] : []), "OPTIONS"]);
	}
}

class Segment {
	constructor(text) {
		const parts = text.split(/(\{[^{}]*\})/);
		const pattern = parts.map((part) => (part.startsWith("{") ? ".+" : literal(part))).join("");
		this.isConcrete = parts.length === 1;
		this.pattern = new RegExp(`^${pattern}$`, "s");
	}

	fits(text) {
		return this.pattern.test(text);
	}
}

// Requests are compared byte by byte.
const literal = (text) => Buffer.from(text).toString("latin1").replace(/[^\w-]/g, "\\$&");

class Operation {
	constructor(method, path, place) {
		this.method = method;
		this.path = path;
		this.place = place;
		this.statuses = Object.keys(place.at("responses").value);
	}

	get name() {
		return `${this.method} ${this.path.template}`;
	}

	/** Under which of its statuses an answer belongs: "200", "2XX", "default"; undefined: none. */
	entryFor(status) {
		return [`${status}`, `${status}`[0] + "XX", "default"].find((entry) => this.statuses.includes(entry));
	}

	response(entry) {
		return this.place.at("responses", entry);
	}
}

/** OpenAPI wants what is concrete matched first; from the left, as one reads. */
function mostConcreteFirst(one, other) {
	for (let i = 0; i < Math.min(one.segments.length, other.segments.length); i++) {
		const difference = other.segments[i].isConcrete - one.segments[i].isConcrete;
		if (difference !== 0) return difference;
	}
	return 0;
}

/** The entry of a `content` that a Content-Type belongs to: exactly, without parameters, or by a range. */
export function mediaTypeOf(content, type) {
	const [bare] = type.split(";").map((part) => part.trim().toLowerCase());
	const wanted = [type, bare, `${bare.split("/")[0]}/*`, "*/*"];
	const same = (text) => text.toLowerCase().replaceAll(" ", "");
	for (const name of wanted) {
		const found = content.members().find(([given]) => same(given) === same(name));
		if (found) return found[1];
	}
	return undefined;
}

function schemasBelow(place) {
	if (place === undefined || place.value === null || typeof place.value !== "object") return [];
	if (typeof place.value.$ref === "string") return []; // is judged where it leads
	return place.members().flatMap(([name, below]) => {
		if (name === "schema") return [below];
		if (place.names.join("/") === "components/schemas") return [below];
		return name.startsWith("example") ? [] : schemasBelow(below);
	});
}
