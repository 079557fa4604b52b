import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findModel, models } from "../../src/catalog/models.ts";

const found: readonly (readonly [typed: string, id: string, hubId: string, checkpoint?: string])[] = [
  ["qwen2-72b", "qwen2-72b", "Qwen/Qwen2-72B", "base"],
  ["Qwen2 72B", "qwen2-72b", "Qwen/Qwen2-72B"],
  ["QWEN2_72B", "qwen2-72b", "Qwen/Qwen2-72B"],
  ["Qwen/Qwen2-72B-Instruct", "qwen2-72b", "Qwen/Qwen2-72B-Instruct", "chat"],
  ["qwen/qwen2-72b-instruct", "qwen2-72b", "Qwen/Qwen2-72B-Instruct", "chat"],
  ["qwen2.5_7b_instruct", "qwen2.5-7b", "Qwen/Qwen2.5-7B-Instruct"],
  ["qwen 2.5 7b", "qwen2.5-7b", "Qwen/Qwen2.5-7B"],
  ["Qwen-7B", "qwen-7b", "Qwen/Qwen-7B"],
  ["qwen7b", "qwen-7b", "Qwen/Qwen-7B"],
  ["Qwen/Qwen-7B-Chat", "qwen-7b", "Qwen/Qwen-7B-Chat", "chat"],
  ["Qwen/Qwen-1_8B-Chat", "qwen-1.8b", "Qwen/Qwen-1_8B-Chat"],
  ["qwen-1.8b", "qwen-1.8b", "Qwen/Qwen-1_8B"],
  ["qwen1.5-1.8b-chat", "qwen1.5-1.8b", "Qwen/Qwen1.5-1.8B-Chat"],
  ["Qwen1.5-MoE-A2.7B", "qwen1.5-moe-a2.7b", "Qwen/Qwen1.5-MoE-A2.7B"],
  ["qwen3-8b", "qwen3-8b", "Qwen/Qwen3-8B", "chat"],
  ["Qwen/Qwen3-8B-Base", "qwen3-8b", "Qwen/Qwen3-8B-Base", "base"],
  ["qwen3 30b a3b", "qwen3-30b-a3b", "Qwen/Qwen3-30B-A3B"],
  ["meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b", "meta-llama/Llama-3.1-8B-Instruct", "chat"],
  ["Meta-Llama-3-8B-Instruct", "llama-3-8b", "meta-llama/Meta-Llama-3-8B-Instruct"],
  ["llama3-8b", "llama-3-8b", "meta-llama/Meta-Llama-3-8B"],
  ["llama-3-8b-instruct", "llama-3-8b", "meta-llama/Meta-Llama-3-8B-Instruct"],
  ["Llama-2-7b-chat-hf", "llama-2-7b", "meta-llama/Llama-2-7b-chat-hf"],
  ["llama 2 7b chat", "llama-2-7b", "meta-llama/Llama-2-7b-chat-hf"],
  ["meta-llama/Meta-Llama-3.1-8B", "llama-3.1-8b", "meta-llama/Meta-Llama-3.1-8B"],
  ["mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b", "mistralai/Mixtral-8x7B-Instruct-v0.1"],
  ["google/gemma-2-9b-it", "gemma-2-9b", "google/gemma-2-9b-it"],
  ["internlm/internlm2-chat-7b", "internlm2-7b", "internlm/internlm2-chat-7b"],
  ["internlm/internlm2_5-7b-chat", "internlm2.5-7b", "internlm/internlm2_5-7b-chat"],
  ["baichuan-inc/Baichuan2-7B-Chat", "baichuan2-7b", "baichuan-inc/Baichuan2-7B-Chat"],
  ["THUDM/glm-4-9b-chat-hf", "glm-4-9b", "THUDM/glm-4-9b-chat-hf"],
  ["BAAI/bge-m3", "bge-m3", "BAAI/bge-m3", "task"],
  ["BGE-M3", "bge-m3", "BAAI/bge-m3"],
  ["bge-large-zh-v1.5", "bge-large-zh-v1.5", "BAAI/bge-large-zh-v1.5"],
  ["bge-large-zh", "bge-large-zh-v1.5", "BAAI/bge-large-zh"],
  ["BAAI/bge-reranker-v2-m3", "bge-reranker-v2-m3", "BAAI/bge-reranker-v2-m3"],
  ["Ｑｗｅｎ２－７２Ｂ", "qwen2-72b", "Qwen/Qwen2-72B"],
  ["Ｑｗｅｎ／Ｑｗｅｎ２．５－７Ｂ", "qwen2.5-7b", "Qwen/Qwen2.5-7B"],
  ["　qwen2　72b　", "qwen2-72b", "Qwen/Qwen2-72B"],
  ["qwen2–72b", "qwen2-72b", "Qwen/Qwen2-72B"],
  ["https://huggingface.co/Qwen/Qwen2-7B/", "qwen2-7b", "Qwen/Qwen2-7B"],
  ["hf-mirror.com/Qwen/Qwen2-7B", "qwen2-7b", "Qwen/Qwen2-7B"],
];

test.for(found)("%s is %s", ([typed, id, hubId, checkpoint]) => {
  const result = findModel(typed);
  expect(result).toMatchObject({ kind: "found", hubId, model: { id } });
  if (checkpoint !== undefined) expect(result).toMatchObject({ checkpoint });
});

const unknown: readonly (readonly [typed: string, near?: string])[] = [
  ["qwen3-9b", "qwen3-8b"],
  ["qwen2-vl-7b", "qwen2-7b"],
  ["Qwen/Qwen2-VL-7B-Instruct"],
  ["qwen2-57b", "qwen2-7b"],
  ["qwen2-57b-a14b"],
  ["qwen2.5-coder-7b"],
  ["qwen2-math-7b"],
  ["qwen3-32b-base", "qwen3-32b"],
  ["my-org/qwen2-7b-sft", "qwen2-7b"],
  ["my-org/qwen2-7b", "qwen2-7b"],
  ["my-org/Qwen2-7B-Instruct"],
  ["THUDM/glm-4-9b", "glm-4-9b"],
  ["THUDM/glm-4-9b-chat"],
  ["mistral-7b", "mistral-7b-v0.1"],
  ["qwen"],
  ["7b"],
  ["bge"],
  ["bge-large"],
  ["lama-3.1-8b", "llama-3.1-8b"],
  ["qwne2-7b", "qwen2-7b"],
  ["./qwen2-7b"],
  ["/data/models/qwen2-7b"],
  ["models/Qwen/Qwen2-7B"],
  ["./Qwen/Qwen2-7B"],
  ["C:\\models\\qwen2-7b"],
  ["qwen2-7b/config.json"],
  ["constructor"],
  ["__proto__"],
  [""],
  ["   "],
  ["/"],
];

test.for(unknown)("%s is unknown", ([typed, near]) => {
  const result = findModel(typed);
  expect(result.kind).toBe("unknown");
  if (near !== undefined && result.kind === "unknown") expect(result.nearest).toContain(near);
});

test("the size next to the one asked for comes first", () => {
  expect(findModel("qwen3-9b")).toMatchObject({ nearest: ["qwen3-8b", expect.anything(), expect.anything()] });
});

test("nothing near, nothing suggested", () => {
  expect(findModel("gpt-5-turbo-preview")).toEqual({ kind: "unknown", nearest: [] });
});

test.for([
  ["Qwen/Qwen2-7B-Instruct-AWQ", "awq", "Qwen/Qwen2-7B-Instruct"],
  ["Qwen/Qwen2-7B-Instruct-GPTQ-Int4", "gptq", "Qwen/Qwen2-7B-Instruct"],
  ["Qwen2-7B-Instruct-GPTQ-Int8", "gptq", "Qwen/Qwen2-7B-Instruct"],
  ["Qwen/Qwen2-7B-Instruct-GGUF", "gguf", "Qwen/Qwen2-7B-Instruct"],
  ["Qwen/Qwen3-8B-FP8", "fp8", "Qwen/Qwen3-8B"],
  ["Qwen/Qwen-7B-Chat-Int4", "int4", "Qwen/Qwen-7B-Chat"],
  ["unsloth/Meta-Llama-3.1-8B-bnb-4bit", "bnb", "meta-llama/Meta-Llama-3.1-8B"],
  ["qwen2-7b-4bit", "4bit", "Qwen/Qwen2-7B"],
] as const)("%s is quantized with %s", ([typed, scheme, original]) => {
  expect(findModel(typed)).toEqual({ kind: "quantized", scheme, nearest: [original] });
});

describe("properties", () => {
  test("every id and every checkpoint finds its own row", () => {
    for (const model of models) {
      expect(findModel(model.id)).toMatchObject({ kind: "found", model: { id: model.id }, hubId: model.hubId });
      for (const [hubId, checkpoint] of Object.entries(model.checkpoints)) {
        expect(findModel(hubId)).toEqual({ kind: "found", model, hubId, checkpoint });
        const [, name = ""] = hubId.split("/");
        const bare = findModel(name);
        expect(bare).toMatchObject({ kind: "found", model: { id: model.id } });
      }
    }
  });

  test("case and separators never change what is found", () => {
    const spelling = fc.tuple(fc.constantFrom(...models), fc.constantFrom("-", "_", " ", "　", "－"), fc.boolean());
    fc.assert(
      fc.property(spelling, ([model, separator, upper]) => {
        const typed = model.id.replaceAll("-", separator);
        expect(findModel(upper ? typed.toUpperCase() : typed)).toMatchObject({
          kind: "found",
          model: { id: model.id },
        });
      }),
    );
  });

  test("another size, or a word more, is never found in silence", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."acdefghijklmnopqrsuvwxyz"), minLength: 1, maxLength: 6 });
    const names = models.flatMap(({ id, checkpoints }) => [
      id,
      ...Object.keys(checkpoints).map((hub) => hub.split("/")[1]),
    ]);
    const published = new Set(names.map((name) => name?.toLowerCase().replace(/^meta-|-hf$/g, "")));
    fc.assert(
      fc.property(fc.constantFrom(...models), letters, (model, word) => {
        fc.pre(!published.has(`${model.id}-${word}`));
        expect(findModel(`${model.id}-${word}`).kind).not.toBe("found");
        expect(findModel(`x${word}/${model.id}`).kind).not.toBe("found");
      }),
    );
  });

  test("any text is answered", () => {
    expect(findModel("q".repeat(1e6))).toEqual({ kind: "unknown", nearest: [] });
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 });
    fc.assert(fc.property(units, (codes) => void findModel(String.fromCharCode(...codes))));
  });
});
