import fc from "fast-check";
import { expect, test } from "vitest";
import { findGpu, gpus } from "../../src/catalog/gpus.ts";

const found: readonly (readonly [typed: string, id: string])[] = [
  // What people say.
  ["A100-80G", "a100-80"],
  ["a100 80gb", "a100-80"],
  ["A100 80 GiB", "a100-80"],
  ["a100-80", "a100-80"],
  ["a100 80", "a100-80"],
  ["A100-40G", "a100-40"],
  ["A100 PCIe 80GB", "a100-80-pcie"],
  ["A800-80G", "a800-80"],
  ["H100", "h100"],
  ["h100 80gb", "h100"],
  ["H100 SXM", "h100"],
  ["H100 PCI-E", "h100-pcie"],
  ["H100 94GB", "h100-nvl"],
  ["H800", "h800"],
  ["h20", "h20"],
  ["H20 96G", "h20"],
  ["H20 141GB", "h20-141"],
  ["4090", "rtx4090"],
  ["RTX4090", "rtx4090"],
  ["rtx 4090 24g", "rtx4090"],
  ["4090 48G", "rtx4090-48"],
  ["4090D", "rtx4090d"],
  ["3090", "rtx3090"],
  ["2080ti", "rtx2080ti"],
  ["2080 Ti 22G", "rtx2080ti-22"],
  ["V100 32G", "v100-32"],
  ["v100-16g", "v100-16"],
  ["A6000", "a6000"],
  ["6000 Ada", "rtx6000-ada"],
  ["MI300X", "mi300x"],
  ["Ascend 910B3", "910b3"],
  ["Ascend910B4", "910b4"],
  ["昇腾910B1", "910b1"],
  ["华为昇腾 910B 32GB", "910b4"],
  ["Ａ１００　８０Ｇ", "a100-80"],
  ["K100-AI", "k100-ai"],
  ["MLU370-X8", "mlu370-x8"],
  ["MTT S4000", "mtt-s4000"],
  ["MXC500", "metax-c500"],
  // What nvidia-smi prints: names in NVIDIA's open-gpu-kernel-modules README and in public logs.
  ["Tesla P100-PCIE-16GB", "p100-16"],
  ["Tesla P100-SXM2-16GB", "p100-16"],
  ["Tesla V100-SXM2-16GB", "v100-16"],
  ["Tesla V100-SXM2-32GB", "v100-32"],
  ["Tesla V100-PCIE-16GB", "v100-16"],
  ["Tesla V100-PCIE-32GB", "v100-32"],
  ["Tesla T4", "t4"],
  ["NVIDIA GeForce RTX 2080 Ti", "rtx2080ti"],
  ["GeForce RTX 3090", "rtx3090"],
  ["NVIDIA GeForce RTX 3080", "rtx3080"],
  ["NVIDIA GeForce RTX 3090", "rtx3090"],
  ["NVIDIA GeForce RTX 4070 Ti SUPER", "rtx4070ti-super"],
  ["NVIDIA GeForce RTX 4080", "rtx4080"],
  ["NVIDIA GeForce RTX 4090", "rtx4090"],
  ["NVIDIA GeForce RTX 4090 D", "rtx4090d"],
  ["NVIDIA GeForce RTX 5090", "rtx5090"],
  ["NVIDIA RTX A5000", "rtx-a5000"],
  ["NVIDIA RTX A6000", "a6000"],
  ["NVIDIA RTX 6000 Ada Generation", "rtx6000-ada"],
  ["NVIDIA RTX 5880 Ada Generation", "rtx5880-ada"],
  ["NVIDIA RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000"],
  ["NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000"],
  ["NVIDIA A10", "a10"],
  ["NVIDIA A10G", "a10g"],
  ["NVIDIA A30", "a30"],
  ["NVIDIA A40", "a40"],
  ["NVIDIA L4", "l4"],
  ["NVIDIA L20", "l20"],
  ["NVIDIA L40", "l40"],
  ["NVIDIA L40S", "l40s"],
  ["A100-SXM4-40GB", "a100-40"],
  ["NVIDIA A100-SXM4-40GB", "a100-40"],
  ["NVIDIA A100-PCIE-40GB", "a100-40"],
  ["NVIDIA A100-SXM4-80GB", "a100-80"],
  ["NVIDIA A100 80GB PCIe", "a100-80-pcie"],
  ["NVIDIA A800-SXM4-80GB", "a800-80"],
  ["NVIDIA H800", "h800"],
  ["NVIDIA H20", "h20"],
  ["NVIDIA H20-3e", "h20-141"],
  ["NVIDIA H100 80GB HBM3", "h100"],
  ["NVIDIA H100 PCIe", "h100-pcie"],
  ["NVIDIA H100 NVL", "h100-nvl"],
  ["NVIDIA H200", "h200"],
  ["NVIDIA GH200 480GB", "gh200-96"],
  ["NVIDIA GH200 120GB", "gh200-96"],
  ["NVIDIA B200", "b200"],
  ["NVIDIA GB200", "gb200"],
  // rocm-smi and npu-smi.
  ["AMD Instinct MI300X", "mi300x"],
  ["AMD Instinct MI300X OAM", "mi300x"],
  ["AMD Instinct MI250X / MI250", "mi250x"],
  ["AMD Instinct MI210", "mi210"],
  ["910B2", "910b2"],
];

test.for(found)("%s is %s", ([typed, id]) => {
  expect(findGpu(typed)).toMatchObject({ kind: "found", gpu: { id } });
});

test.for([
  ["V100", ["v100-16", "v100-32"]],
  ["A100", ["a100-40", "a100-80", "a100-80-pcie"]],
  ["A100 SXM", ["a100-40", "a100-80"]],
  ["A100 PCIe", ["a100-40", "a100-80-pcie"]],
  ["Ascend 910B", ["910b1", "910b2", "910b3", "910b4"]],
  ["910B 64G", ["910b1", "910b2", "910b3"]],
  // One row, but the card was sold with another memory as well and the name does not tell.
  ["A800", ["a800-80"]],
  ["P100", ["p100-16"]],
  ["NVIDIA GeForce RTX 4060 Ti", ["rtx4060ti-16"]],
  ["NVIDIA GeForce RTX 3060", ["rtx3060-12"]],
  ["GH200", ["gh200-96"]],
] as const)("%s is left open", ([typed, ids]) => {
  const result = findGpu(typed);
  expect(result.kind).toBe("ambiguous");
  if (result.kind === "ambiguous") expect(result.candidates.map(({ id }) => id)).toEqual(ids);
});

test.for([
  ["NVIDIA GeForce RTX 4090 Laptop GPU"],
  ["NVIDIA GeForce RTX 4080 SUPER", "rtx4080"],
  ["NVIDIA GeForce RTX 3090 Ti", "rtx3090"],
  ["Quadro RTX 6000"],
  ["NVIDIA RTX 5000 Ada Generation"],
  ["NVIDIA A100-SXM-64GB"],
  ["NVIDIA A800-SXM4-40GB", "a800-80"],
  ["NVIDIA A800 80GB PCIe", "a800-80"],
  ["NVIDIA A100-SXM4-40GB MIG 1g.5gb"],
  ["NVIDIA H800 PCIe", "h800"],
  ["NVIDIA H200 NVL", "h200"],
  ["NVIDIA H100 96GB", "h100"],
  ["Tesla V100S-PCIE-32GB", "v100-32"],
  ["NVIDIA A10M"],
  ["NVIDIA L2", "l20"],
  ["K100"],
  ["910B4-1"],
  ["RTX 409O", "rtx4090"],
  ["A10O-80G", "a100-80"],
  ["TPU v4"],
  ["80GB"],
  [""],
  ["constructor"],
] as const)("%s is unknown", ([typed, near]) => {
  const result = findGpu(typed);
  expect(result.kind).toBe("unknown");
  if (near !== undefined && result.kind === "unknown") expect(result.nearest).toContain(near);
});

test("every id and every name finds its own row", () => {
  for (const gpu of gpus) {
    expect(findGpu(gpu.id), gpu.id).toEqual({ kind: "found", gpu });
    expect(findGpu(gpu.id.toUpperCase().replaceAll("-", " ")), gpu.id).toEqual({ kind: "found", gpu });
  }
});

test("a found card has the memory that was asked for", () => {
  const typed = fc.tuple(
    fc.constantFrom(...gpus.flatMap(({ products }) => products)),
    fc.integer({ min: 1, max: 300 }),
  );
  fc.assert(
    fc.property(typed, ([product, memory]) => {
      const result = findGpu(`${product} ${memory}GB`);
      if (result.kind === "found") expect([result.gpu.advertisedGB, ...(result.gpu.otherGB ?? [])]).toContain(memory);
    }),
  );
});

test("any text is answered", () => {
  expect(findGpu("a".repeat(1e6))).toEqual({ kind: "unknown", nearest: [] });
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 });
  fc.assert(fc.property(units, (codes) => void findGpu(String.fromCharCode(...codes))));
});
