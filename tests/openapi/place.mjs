// SPDX-License-Identifier: Apache-2.0
// A place in a JSON document. Whoever steps on from a place that is a reference ({"$ref": "#/…"}) steps on
// from where it leads; a schema is never stepped through, because there other members may stand beside $ref.

const most_references = 16; // one behind the other; more go round in circles

export class Place {
	constructor(document, names = [], value = document) {
		this.document = document;
		this.names = names;
		this.value = value;
	}

	/** The place below this one; undefined where there is none. */
	at(...names) {
		let place = this;
		for (const name of names) {
			const { names: above, value } = place.target();
			if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
			place = new Place(this.document, [...above, name], value[name]);
		}
		return place;
	}

	/** Every member's name and place. */
	members() {
		return Object.keys(this.target().value).map((name) => [name, this.at(name)]);
	}

	/** As a URI fragment: #/paths/~1tasks/get */
	get pointer() {
		return `#${this.names.map((name) => `/${encodeURIComponent(escaped(name))}`).join("")}`;
	}

	target() {
		let place = this;
		for (let steps = 0; steps < most_references; steps++) {
			if (typeof place.value?.$ref !== "string") return place;
			place = placeOf(this.document, place.value.$ref);
		}
		throw new Error(`${this.pointer}: references in a circle`);
	}
}

const escaped = (name) => String(name).replaceAll("~", "~0").replaceAll("/", "~1");
const unescaped = (name) => decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");

function placeOf(document, reference) {
	const names = reference.startsWith("#/") ? reference.slice(2).split("/").map(unescaped) : undefined;
	const value = names?.reduce((at, name) => at?.[name], document);
	if (value === undefined) throw new Error(`${reference} leads nowhere in this document`);
	return new Place(document, names, value);
}
