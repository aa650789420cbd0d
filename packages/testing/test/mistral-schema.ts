import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const path = fileURLToPath(new URL('../../../../shared/data/openapi/mistral.json', import.meta.url));

/** Why the tests against the vendor's document are skipped; `undefined` where the document is there. */
export const missingDocument = existsSync(path)
  ? undefined
  : 'the vendor’s OpenAPI document is not part of the project; expected at ../shared/data/openapi/mistral.json';

/** Validators of the vendor's own schemas, by the name of the schema. */
export function loadSchemas(): (name: string) => ValidateFunction {
  const document = normalise(JSON.parse(readFileSync(path, 'utf8'))) as object;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'mistral');
  return (name) => {
    const validate = ajv.getSchema(`mistral#/components/schemas/${name}`);
    if (!validate) throw new Error(`The document has no schema ${name}.`);
    return validate;
  };
}

/**
 * `discriminator` only helps generators. `data` is required of a chat completion by the document alone: no answer of the
 * vendor has it, and the vendor's own client does not look for it.
 */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value;
  const { discriminator, ...rest } = value as Record<string, unknown>;
  const schema = Object.fromEntries(Object.entries(rest).map(([name, item]) => [name, normalise(item)]));
  const required = schema['required'];
  return Array.isArray(required) && required.includes('choices')
    ? { ...schema, required: required.filter((name) => name !== 'data') }
    : schema;
}
