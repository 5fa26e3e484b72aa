// SPDX-License-Identifier: Apache-2.0
// Whether a document is OpenAPI 3.1 and means what it says: Redocly's rules about mistakes, none of those
// about taste. One is ours: Redocly forgets that a parameter in the path must be required.
import { createConfig, lintFromString } from "@redocly/openapi-core";

const rules = [
	"no-duplicated-tag-names",
	"no-enum-type-mismatch",
	"no-identical-paths",
	"no-invalid-media-type-examples",
	"no-invalid-parameter-examples",
	"no-invalid-schema-examples",
	"no-mixed-number-range-constraints",
	"no-path-trailing-slash",
	"no-required-schema-properties-undefined",
	"no-schema-type-mismatch",
	"no-undefined-server-variable",
	"no-unresolved-refs",
	"no-unused-components",
	"operation-2xx-response",
	"operation-operationId-unique",
	"operation-operationId-url-safe",
	"operation-parameters-unique",
	"path-declaration-must-exist",
	"path-not-include-query",
	"path-parameters-defined",
	"security-defined",
	"spec-components-invalid-map-name",
	"struct",
	"gatepost/path-parameter-required",
];

const ours = {
	id: "gatepost",
	rules: {
		oas3: {
			"path-parameter-required": () => ({
				Parameter(parameter, { report, location }) {
					if (parameter.in === "path" && parameter.required !== true)
						report({ message: `Path parameter \`${parameter.name}\` is not required.`, location });
				},
			}),
		},
	},
};

/** text: the document as it was served. Returns what is wrong with it, one sentence each. */
export async function mistakesIn(text) {
	const version = versionIn(text);
	if (!/^"3\.1\.\d+"$/.test(version)) return [`version: openapi is ${version}, not "3.1.x"`];
	const config = await createConfig({
		plugins: [ours],
		rules: Object.fromEntries(rules.map((rule) => [rule, "error"])),
	});
	const problems = await lintFromString({ source: text, config });
	return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} At ${location[0]?.pointer}`);
}

function versionIn(text) {
	try {
		return JSON.stringify(JSON.parse(text).openapi);
	} catch (error) {
		return `absent (${error.message})`;
	}
}
