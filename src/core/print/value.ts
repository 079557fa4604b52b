/** A value every printer of this folder can write. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object, as {@link JsonValue} sees it. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** `Array.isArray` that narrows a readonly array, which the built-in guard does not. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a value is an object with keys: not null and not a list. */
export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value holds no other values. */
export function isScalar(value: JsonValue): value is null | boolean | number | string {
  return typeof value !== "object" || value === null;
}

/** The keys that get printed: those with a value, as `JSON.stringify` does, so optional fields may be left undefined. */
export function printedKeys(value: JsonObject): readonly string[] {
  const keys = Object.keys(value);
  return keys.every((key) => value[key] !== undefined) ? keys : keys.filter((key) => value[key] !== undefined);
}

/** The member under a printed key. */
export function member(value: JsonObject, key: string): JsonValue {
  return value[key] as JsonValue;
}

/** The error for what no config can hold; it only happens when our own code made the value wrong. */
export function unprintable(value: unknown): Error {
  return new Error(`cannot print ${typeof value === "number" ? String(value) : `a ${typeof value}`}`);
}
