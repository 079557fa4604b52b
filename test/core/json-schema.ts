type Schema = Readonly<Record<string, any>>;

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** Length in Unicode characters, as JSON Schema counts. */
const length = (text: string): number => Array.from(text).length;

/** Every keyword that our schemas use, as JSON Schema 2020-12 defines it: null where it does not concern the value. */
const keywords: Readonly<Record<string, (value: any, argument: any, schema: Schema) => boolean>> = {
  type: (value, names) => [names].flat().some((name: string) => kinds[name]?.(value)),
  const: (value, only) => value === only,
  enum: (value, values) => values.includes(value),
  anyOf: (value, schemas) => schemas.some((schema: Schema) => accepts(schema, value)),
  minimum: (value, least) => typeof value !== "number" || value >= least,
  maximum: (value, most) => typeof value !== "number" || value <= most,
  exclusiveMinimum: (value, below) => typeof value !== "number" || value > below,
  minLength: (value, least) => typeof value !== "string" || length(value) >= least,
  maxLength: (value, most) => typeof value !== "string" || length(value) <= most,
  pattern: (value, source) => typeof value !== "string" || new RegExp(source, "u").test(value),
  minItems: (value, least) => !Array.isArray(value) || value.length >= least,
  maxItems: (value, most) => !Array.isArray(value) || value.length <= most,
  items: (value, schema) => !Array.isArray(value) || value.every((item) => accepts(schema, item)),
  required: (value, names) => !kinds["object"]?.(value) || names.every((name: string) => Object.hasOwn(value, name)),
  properties: (value, schemas) =>
    !kinds["object"]?.(value) || Object.entries<Schema>(schemas).every(([name, schema]) => !Object.hasOwn(value, name) || accepts(schema, value[name])),
  propertyNames: (value, schema) => !kinds["object"]?.(value) || Object.keys(value).every((name) => accepts(schema, name)),
  additionalProperties: (value, schema, { properties = {} }) =>
    !kinds["object"]?.(value) ||
    Object.keys(value)
      .filter((name) => !Object.hasOwn(properties, name))
      .every((name) => schema !== false && accepts(schema, value[name])),
};

const annotations = ["$id", "$schema", "title", "description"];

/** Whether a schema accepts a JSON value. Throws at a keyword that it does not know, so that none is passed over. */
export function accepts(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    if (annotations.includes(keyword)) return true;
    const judge = keywords[keyword];
    if (judge === undefined) throw new Error(`the keyword ${keyword} is not known here`);
    return judge(value, argument, schema);
  });
}
