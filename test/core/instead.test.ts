import fc from "fast-check";
import { expect, test } from "vitest";
import { layer } from "../../src/core/layer.ts";
import { flagOf, readFlag } from "../../src/core/questions/define.ts";
import { questions } from "../../src/core/questions/table.ts";
import { type Answers, judgeAnswers, type Problem, resolvePlan } from "../../src/index.ts";
import { anyAnswers, jobs } from "./arbitrary.ts";

/** The answers that the words of a suggestion give: `--query-max-len 64 --passage-max-len 448`. */
function answersOf(words: string): Answers {
  const answers = words.trim().split(/(?:^| )--/).filter((each) => each !== "").map((each) => {
    const [flag, value = ""] = each.split(" ");
    const row = questions.find(({ key }) => flagOf(key) === flag);
    if (row === undefined) throw new Error(`--${flag} is no flag`);
    return [row.key, readFlag(row.form, value)] as const;
  });
  const { answers: judged, bad } = judgeAnswers(Object.fromEntries(answers));
  expect(bad, words).toEqual([]);
  return judged;
}

const suggestions = ({ instead }: Problem): readonly string[] => {
  const { flag, first, second } = instead?.values ?? {};
  if (instead?.code === "instead.flag") return [String(flag)];
  return instead?.code === "instead.either" ? [String(first), String(second)] : [];
};

test("whoever follows a suggestion is not told the same again", () => {
  fc.assert(
    fc.property(fc.oneof(anyAnswers.map((answers) => ({ answers })), jobs.map(({ answers }) => ({ answers }))), ({ answers }) => {
      const resolved = resolvePlan({ answers });
      if (resolved.ok) return;
      for (const problem of resolved.problems) {
        for (const words of suggestions(problem)) {
          const after = resolvePlan({ answers: layer(answers, answersOf(words)) });
          const same = after.ok ? [] : after.problems.filter(({ message, at }) => message.code === problem.message.code && String(at) === String(problem.at));
          expect(same, `${problem.message.code}: ${words}`).toEqual([]);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("whoever leaves out what should be left out is not told the same again", () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const resolved = resolvePlan({ answers });
      if (resolved.ok) return;
      for (const problem of resolved.problems) {
        const { instead, at } = problem;
        if (instead?.code !== "instead.dropThis" && instead?.code !== "instead.dropFlag") continue;
        const flag = instead.values?.["flag"] as string | undefined;
        const dropped = instead.code === "instead.dropThis" ? at : questions.map(({ key }) => key).filter((key) => `--${flagOf(key)}` === flag);
        expect(dropped.length, flag ?? "this").toBeGreaterThan(0);
        const left = Object.fromEntries(Object.entries(answers).filter(([key]) => !dropped.includes(key as never))) as Answers;
        const after = resolvePlan({ answers: left });
        const same = after.ok ? [] : after.problems.filter(({ message, at: where }) => message.code === problem.message.code && String(where) === String(at));
        expect(same, `${problem.message.code}: leave out ${String(dropped)}`).toEqual([]);
      }
    }),
    { numRuns: 1000 },
  );
});
