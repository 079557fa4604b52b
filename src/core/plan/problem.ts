import type { Message } from "../../messages/message.ts";
import type { Key } from "../questions/table.ts";

/** Why answers can't become a plan: what is wrong, in which answers, and what to say instead. */
export interface Problem {
  readonly message: Message;
  readonly at: readonly (Key | "preset")[];
  readonly instead?: Message;
}

/** A number or choice that was decided for the person, with the reason that ends up in the report and the README. */
export interface Decision {
  readonly key: Key | "worldSize" | "totalSteps" | "buckets";
  readonly value: string | number | boolean;
  readonly because: Message;
  /** Where the fact stands: repository and path, paper or thread. */
  readonly source?: string;
}

/** Collects what the stages of the plan find; a stage goes on after a problem, so that all of them are told at once. */
export interface Findings {
  readonly problems: Problem[];
  readonly decisions: Decision[];
  readonly notes: Message[];
}

export const noFindings = (): Findings => ({ problems: [], decisions: [], notes: [] });

export function refuse(findings: Findings, at: Problem["at"], message: Message, instead?: Message): void {
  findings.problems.push(instead === undefined ? { at, message } : { at, message, instead });
}

export function decide(
  findings: Findings,
  key: Decision["key"],
  value: Decision["value"],
  because: Message,
  source?: string,
): void {
  findings.decisions.push(source === undefined ? { key, value, because } : { key, value, because, source });
}
