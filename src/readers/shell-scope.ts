import type { Fragment } from "./shell-words.ts";
import type { Range } from "./source.ts";

export interface ShellVariable {
  readonly name: string;
  readonly value: string | null;
  readonly exported: boolean;
  readonly range: Range;
}

/** The variables as they stand at one place of a script. */
export interface ShellVariables {
  get(name: string): ShellVariable | undefined;
}

export type Values = readonly (readonly Fragment[])[];

interface Held {
  readonly variable: ShellVariable;
  readonly values: Values;
}

interface Change {
  readonly at: number;
  readonly held: Held | undefined;
}

/**
 * The variables of a script with all that they were: each change is kept once, so that a place in a script of many
 * variables costs no copy of them all.
 */
export class Scope {
  readonly #changes = new Map<string, Change[]>();
  readonly #outer: Scope | null;
  /** How far the outer script had come when this one began. */
  readonly #since: number;
  /** How many changes there were so far. */
  now = 0;

  /** Under the variables of the script whose text the command is. */
  constructor(outer: Scope | null = null) {
    this.#outer = outer;
    this.#since = outer === null ? 0 : outer.now;
  }

  set(variable: ShellVariable, values: Values): void {
    this.#change(variable.name, { variable, values });
  }

  forget(name: string): void {
    this.#change(name, undefined);
  }

  values(name: string): Values | undefined {
    return this.held(name, this.now)?.values;
  }

  get(name: string): ShellVariable | undefined {
    return this.held(name, this.now)?.variable;
  }

  /** What is set here and now, whatever is set later. */
  snapshot(): ShellVariables {
    const at = this.now;
    return { get: (name) => this.held(name, at)?.variable };
  }

  #change(name: string, held: Held | undefined): void {
    this.now += 1;
    const change = { at: this.now, held };
    const changes = this.#changes.get(name);
    if (changes === undefined) this.#changes.set(name, [change]);
    else changes.push(change);
  }

  /** The last change of a name that is not later than a place. */
  held(name: string, at: number): Held | undefined {
    const changes = this.#changes.get(name) ?? [];
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle] as Change).at <= at) low = middle + 1;
      else high = middle;
    }
    const change = changes[low - 1];
    if (change !== undefined) return change.held;
    return this.#outer === null ? undefined : this.#outer.held(name, this.#since);
  }
}
