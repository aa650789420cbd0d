type Scalar = string | number | boolean | null | undefined;

// Lists are written as lists below, because TypeScript puts those off: types that contain themselves come to an end.

/** What is read from a memory: frozen all the way down. */
export type Snapshot<Value> = unknown extends Value
  ? Value
  : Value extends Scalar
    ? Value
    : Value extends readonly (infer Item)[]
      ? number extends Value['length']
        ? readonly Snapshot<Item>[]
        : { readonly [Name in keyof Value]: Snapshot<Value[Name]> }
      : { readonly [Name in keyof Value]: Snapshot<Value[Name]> };

/** What a recipe may change: the same without any `readonly`. */
export type Draft<Value> = unknown extends Value
  ? Value
  : Value extends Scalar
    ? Value
    : Value extends readonly (infer Item)[]
      ? number extends Value['length']
        ? Draft<Item>[]
        : { -readonly [Name in keyof Value]: Draft<Value[Name]> }
      : { -readonly [Name in keyof Value]: Draft<Value[Name]> };

/**
 * Changes a memory. Of a list or an object it changes the draft, and what it returns is ignored; of a text, a number,
 * a boolean or `null` it returns the new value. `replaceWith(value)` replaces the value whatever it is.
 *
 * May be async. It runs again on the new state where somebody else changed the memory meanwhile, so it must be
 * repeatable: no effects but on the draft, and a new object for each run where it puts one in and changes it then.
 */
export type Recipe<Value, Input = Value> = (
  draft: Draft<Value>,
) => RecipeResult<Value, Input> | Promise<RecipeResult<Value, Input>>;

/**
 * Lists and objects are left out, so that `(list) => list.filter(keep)`, which changes no draft, does not compile:
 * `(list) => replaceWith(list.filter(keep))` does.
 */
export type RecipeResult<Value, Input = Value> =
  // biome-ignore lint/suspicious/noConfusingVoidType: a recipe that returns nothing is the usual one.
  void | Replacement<Snapshot<Input>> | PlainResult<Value>;

/** Of a value that may be both, `(draft) => null` would mean two things: such a recipe returns nothing or a replacement. */
type PlainResult<Value> = unknown extends Value
  ? never
  : [Value] extends [Scalar]
    ? Value
    : [Extract<Value, Scalar>] extends [never]
      ? Scalar
      : never;

const marker = Symbol.for('loci.memory-typed.replacement');

/** Made by `replaceWith`. */
export interface Replacement<Value> {
  readonly [marker]: true;
  readonly value: Value;
}

/**
 * What a recipe returns to replace the whole value.
 *
 * @example
 * await memory.update((list) => replaceWith(list.filter((item) => !item.done)));
 */
export function replaceWith<Value>(value: Value): Replacement<Value> {
  return { [marker]: true, value };
}

export function isReplacement(result: unknown): result is Replacement<unknown> {
  return typeof result === 'object' && result !== null && marker in result;
}
