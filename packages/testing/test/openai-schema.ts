import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const path = fileURLToPath(new URL('../../../../shared/data/openapi/openai.json', import.meta.url));

/** Why the tests against the vendor's document are skipped; `undefined` where the document is there. */
export const missingDocument = existsSync(path)
  ? undefined
  : 'the vendor’s OpenAPI document is not part of the project; expected at ../shared/data/openapi/openai.json';

/** Validators of the vendor's own schemas, by the name of the schema. */
export function loadSchemas(): (name: string) => ValidateFunction {
  const document = normalise(JSON.parse(readFileSync(path, 'utf8'))) as object;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'openai');
  return (name) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (!validate) throw new Error(`The document has no schema ${name}.`);
    return validate;
  };
}

/**
 * OpenAPI's `nullable` as JSON Schema has it; `discriminator` only helps generators. The alternatives of `oneOf` overlap in
 * the document (every input message is an easy one too), and the vendor takes what fits any of them.
 */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, discriminator, ...rest } = value as Record<string, unknown>;
  const schema = Object.fromEntries(
    Object.entries(rest).map(([name, item]) => [name === 'oneOf' ? 'anyOf' : name, normalise(item)]),
  );
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}
