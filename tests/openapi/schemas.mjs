// SPDX-License-Identifier: Apache-2.0
// The schemas of a document, each known by its place. Hides ajv.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const name = "openapi.json";
const annotations = ["example", "externalDocs", "xml"]; // OpenAPI's own keywords, which judge nothing

export class Schemas {
	constructor(document) {
		this.values = judgeOf(document, {});
		this.texts = judgeOf(document, { coerceTypes: true });
		this.ofTexts = new Map();
	}

	/** Why a JSON value does not fit the schema at a place, [] when it does. Throws when the schema is none. */
	judge(place, value) {
		const fits = this.values.getSchema(name + place.pointer);
		return fits(value) ? [] : fits.errors.map(sentenceOf);
	}

	/** The same for a value that HTTP carries as text: "10" is an integer, too. */
	judgeText(place, text) {
		const fits = this.textJudge(name + place.pointer);
		return fits({ text }) ? [] : fits.errors.map(sentenceOf);
	}

	/** ajv can only turn text into something else where it is a member. */
	textJudge(schema) {
		if (!this.ofTexts.has(schema))
			this.ofTexts.set(schema, this.texts.compile({ type: "object", properties: { text: { $ref: schema } } }));
		return this.ofTexts.get(schema);
	}

	/** What is wrong with the schema itself, [] when nothing is. */
	mistakesIn(place) {
		try {
			this.values.validateSchema(place.value, true);
			this.values.getSchema(name + place.pointer);
			return [];
		} catch (error) {
			return [`${place.pointer}: ${error.message}`];
		}
	}
}

function judgeOf(document, options) {
	const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, logger: false, ...options });
	addFormats(ajv);
	// ajv takes the document for a schema, too, and its members for keywords.
	ajv.addVocabulary([...annotations, ...Object.keys(document)]);
	return ajv.addSchema(document, name);
}

// Without the index, so that a mistake in each row of a list is one.
function sentenceOf({ instancePath, message, params }) {
	const place = instancePath.replace(/^\/text$/, "").replace(/\/\d+(?=\/|$)/g, "/*");
	const which = params.additionalProperty ?? params.unevaluatedProperty ?? params.allowedValue;
	return `${place} ${message}${which === undefined ? "" : ` (${JSON.stringify(which)})`}`.trim();
}
