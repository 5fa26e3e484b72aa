// SPDX-License-Identifier: Apache-2.0
// What can be wrong with the document of sample.mjs, and with its answers, each with what must be said of it.

const list = (d) => d.paths["/shelves"].get;
const add = (d) => d.paths["/shelves"].post;
const one = (d) => d.paths["/shelves/{shelf_id}"];
const schemas = (d) => d.components.schemas;

/** Each changes the document. */
export const in_documents = {
	"a type that is none": [(d) => { schemas(d).Error.properties.detail.type = "text"; }, /struct: `type`/],
	"an unknown keyword in a schema": [(d) => { schemas(d).Error.minimumLength = 1; }, /struct: .*minimumLength/],
	"a keyword of OpenAPI 3.0": [(d) => { schemas(d).Error.nullable = true; }, /struct: .*nullable/],
	"a keyword with a value of the wrong type": [
		(d) => { schemas(d).NewShelf.properties.label.minLength = "1"; },
		/struct: Expected/,
	],
	"a reference to no schema": [
		(d) => { list(d).responses[200].content["application/json"].schema.items.$ref += "s"; },
		/no-unresolved-refs/,
	],
	"a reference to no answer": [(d) => { add(d).responses["4XX"].$ref += "s"; }, /no-unresolved-refs/],
	"a reference to something else": [(d) => { add(d).responses["4XX"].$ref = "#/components/schemas/Error"; }, /struct/],
	"a path parameter that is not declared": [(d) => { one(d).parameters = []; }, /path-parameters-defined: .*shelf_id/],
	"a path parameter that is not in the path": [
		(d) => { one(d).parameters[0].name = "id"; },
		/path-parameters-defined: .*`id`/,
	],
	"a path parameter that is not required": [
		(d) => { one(d).parameters[0].required = false; },
		/path-parameter-required/,
	],
	"a path parameter that does not say so": [
		(d) => { delete one(d).parameters[0].required; },
		/path-parameter-required/,
	],
	"a parameter twice": [
		(d) => { one(d).parameters.push({ ...one(d).parameters[0] }); },
		/operation-parameters-unique/,
	],
	"an operationId twice": [(d) => { add(d).operationId = "list"; }, /operation-operationId-unique/],
	"a path twice": [(d) => { d.paths["/shelves/{id}"] = d.paths["/shelves"]; }, /no-identical-paths/],
	"an unknown method": [(d) => { d.paths["/shelves"].fetch = list(d); }, /struct: .*fetch/],
	"an unknown member of an operation": [(d) => { list(d).response = {}; }, /struct: .*response/],
	"an operation without answers": [(d) => { list(d).responses = {}; }, /operation-2xx-response/],
	"an answer without description": [
		(d) => { delete d.components.responses.Refused.description; },
		/struct: .*description/,
	],
	"a status that is none": [(d) => { list(d).responses[20] = { description: "?" }; }, /struct: .*20/],
	"a security scheme that is not declared": [(d) => { d.security = [{ cookie: [] }]; }, /security-defined/],
	"a required member that is not declared": [
		(d) => { schemas(d).Shelf.required.push("name"); },
		/no-required-schema-properties-undefined/,
	],
	"an example that does not fit": [
		(d) => { schemas(d).Shelf.properties.label.example = 1; },
		/no-invalid-schema-examples/,
	],
	"a component that nothing uses": [(d) => { schemas(d).Left = { type: "null" }; }, /no-unused-components/],
	"another version of OpenAPI": [(d) => { d.openapi = "3.0.3"; }, /version/],
	"a pattern that is none": [(d) => { d.components.headers.ETag.schema.pattern = "("; }, /Invalid regular expression/],
	"an unknown format": [
		(d) => { schemas(d).Error.properties.detail.format = "sentence"; },
		/unknown format "sentence"/,
	],
	"a keyword that its type does not have": [(d) => { schemas(d).Shelf.properties.id.minLength = 1; }, /strictTypes/],
};

/** Each changes the record of an exchange, by the name that it has there. */
export const in_answers = {
	"a status that is not listed": ["read", ({ answer }) => { answer.status = 500; }, /status 500 is none of 200, 404/],
	"a body of the wrong type": ["read", ({ answer }) => { answer.body.id = "1"; }, /body\/id must be integer/],
	"a member too few": ["read", ({ answer }) => { delete answer.body.label; }, /required property 'label'/],
	"a member too many": ["read", ({ answer }) => { answer.body.secret = 1; }, /additional properties \("secret"\)/],
	"a wrong row in a list": [
		"list",
		({ answer }) => { answer.body.push({ id: 0, label: "" }); },
		/body\/\*\/id must be >= 1/,
	],
	"a body that is no JSON": ["read", ({ answer }) => { answer.body = "{"; }, /body is no application\/json/],
	"a body that is no UTF-8": [
		"read",
		({ answer }) => { answer.body = { base64: "Iv8i" }; },
		/body is no application\/json/,
	],
	"no body": ["read", ({ answer }) => { answer.body = ""; }, /body is no application\/json/],
	"a body in answer to HEAD": ["list_head", ({ answer }) => { answer.body = []; }, /a body in answer to HEAD/],
	"a body where none is listed": ["remove", ({ answer }) => { answer.body = "null"; }, /where none is listed/],
	"a Content-Type where no body is listed": [
		"remove",
		({ answer }) => { answer.fields["Content-Type"] = "text/html"; },
		/where none is listed/,
	],
	"another Content-Type": [
		"read",
		({ answer }) => { answer.fields["Content-Type"] = "text/html"; },
		/Content-Type text\/html is not listed/,
	],
	"no Content-Type": ["read", ({ answer }) => { answer.fields = {}; }, /no Content-Type/],
	"another Content-Type in answer to HEAD": [
		"list_head",
		({ answer }) => { answer.fields["Content-Type"] = "text/html"; },
		/is not listed/,
	],
	"a required field left out": ["list", ({ answer }) => { delete answer.fields.ETag; }, /no ETag/],
	"a required field left out in answer to HEAD": [
		"list_head",
		({ answer }) => { delete answer.fields.ETag; },
		/no ETag/,
	],
	"a field with a wrong value": ["list", ({ answer }) => { answer.fields.ETag = "a"; }, /ETag: must match pattern/],
	"a field with a value of the wrong type": [
		"list",
		({ answer }) => { answer.fields["X-Pages"] = "two"; },
		/X-Pages: must be integer/,
	],
	"the answer of a template to what is concrete": [
		"read_top",
		({ answer }) => { answer.fields["Content-Type"] = "application/json"; },
		/application\/json is not listed/,
	],
	"a wrong refusal under a range of statuses": [
		"add_refused",
		({ answer }) => { answer.body = {}; },
		/required property 'detail'/,
	],
	"a wrong refusal under default": [
		"remove_refused",
		({ answer }) => { answer.body = {}; },
		/required property 'detail'/,
	],
	"a body accepted that does not fit": [
		"add",
		({ request }) => { request.body.label = ""; },
		/in the request body\/label must NOT have fewer/,
	],
	"a body accepted that is no JSON": ["add", ({ request }) => { request.body = "{"; }, /in the request body is no/],
	"a body accepted of no listed type": [
		"add",
		({ request }) => { request.fields["Content-Type"] = "text/csv"; },
		/in the request Content-Type text\/csv/,
	],
	"a required body that was not missed": [
		"add",
		({ request }) => { request.body = null; },
		/without the required body/,
	],
	"a credential that was not missed": ["read", ({ request }) => { request.fields = {}; }, /without the credential/],
	"a path of no template that is served": [
		"elsewhere",
		({ answer }) => { answer.status = 200; },
		/status 200, not 404 or 400/,
	],
	"a method that is not there and served": [
		"other_method",
		({ answer }) => { answer.status = 200; },
		/status 200, not 405/,
	],
	"405 for a method that is there": ["read", ({ answer }) => { answer.status = 405; }, /status 405 is none of/],
	"a method too few in Allow": [
		"other_method",
		({ answer }) => { answer.fields.Allow = "GET, HEAD, OPTIONS"; },
		/Allow is GET, HEAD, OPTIONS, not GET, HEAD, OPTIONS, POST/,
	],
	"a method too many in Allow": [
		"other_method",
		({ answer }) => { answer.fields.Allow += ", PUT"; },
		/Allow is .*PUT, not/,
	],
	"no Allow": ["other_method", ({ answer }) => { answer.fields = {}; }, /Allow is absent/],
	"Allow of less in answer to OPTIONS": [
		"options",
		({ answer }) => { answer.fields.Allow = "GET"; },
		/Allow is GET, not/,
	],
	"another status in answer to OPTIONS": ["options", ({ answer }) => { answer.status = 200; }, /status 200, not 204/],
	"a preflight that is not answered": [
		"preflight",
		({ answer }) => { answer.status = 404; },
		/status 404, not 204 or 400/,
	],
	"a body that begins with a mark": [
		"read",
		({ answer }) => { answer.body = { base64: "77u/e30=" }; },
		/body is no application/,
	],
	"200 for a path that is no text": ["no_text", ({ answer }) => { answer.status = 200; }, /without the credential/],
};
