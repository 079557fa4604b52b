import rows from "./gpus.json" with { type: "json" };
import { nearest } from "./nearest.ts";

/** How a card reaches its neighbours. GB/s: `pcieGBs` one way, `nvlinkGBs` both ways together, as vendors quote it. */
export interface Interconnect {
  readonly kind: string;
  readonly gen: number | null;
  readonly pcieGBs: number;
  readonly nvlinkGBs: number | null;
}

/** One accelerator as its vendor and its users know it. Throughputs are dense (no sparsity). */
export interface Gpu {
  readonly id: string;
  readonly name: string;
  readonly vendor: "nvidia" | "amd" | "huawei" | "cambricon" | "metax" | "hygon" | "moorethreads";
  /** The model as people and drivers write it, without vendor, brand, memory and form, in lower case. */
  readonly products: readonly string[];
  readonly form: "any" | "sxm" | "pcie" | "nvl";
  /** Memory as sold, in 10^9 bytes. */
  readonly advertisedGB: number;
  /** Other sizes that drivers print for this card: GH200 is named after its CPU's memory. */
  readonly otherGB?: readonly number[];
  /** What a framework can see, in 2^30 bytes, with ECC as it comes; CUDA context and NCCL still come out of it. */
  readonly memoryGiB: number;
  readonly arch: string;
  /** NVIDIA's `major.minor`, elsewhere the vendor's own name of the target. */
  readonly computeCapability: string;
  readonly bf16: boolean;
  readonly fp8: boolean;
  readonly tf32: boolean;
  readonly bf16DenseTflops: number | null;
  readonly fp16DenseTflops: number | null;
  readonly memBandwidthGBs: number;
  readonly interconnect: Interconnect;
  readonly flashAttention2: boolean;
  readonly source: string;
  /** Where `memoryGiB` comes from; "estimate" where nobody published what the framework sees. */
  readonly memorySource: string;
  /** `low`: no public data sheet. */
  readonly confidence: "high" | "medium" | "low";
}

/** Every accelerator of the catalog, one row of `gpus.json` each. */
export const gpus: readonly Gpu[] = rows as unknown as readonly Gpu[];

/** `ambiguous`: the name fits, but a size or a variant is left open; never guessed, as memory decides the plan. */
export type GpuSearch =
  | { readonly kind: "found"; readonly gpu: Gpu }
  | { readonly kind: "ambiguous"; readonly candidates: readonly Gpu[] }
  | { readonly kind: "unknown"; readonly nearest: readonly string[] };

/** Finds a card by its id, by what people say (`4090`, `A100-80G`) or by what `nvidia-smi` prints. */
export function findGpu(text: string): GpuSearch {
  if (text.length > 120) return { kind: "unknown", nearest: [] };
  const typed = text.normalize("NFKC").toLowerCase().trim();
  const id = typed.replace(/[\s\p{Pd}_]+/gu, "-");
  const exact = gpus.find((gpu) => gpu.id === id);
  if (exact !== undefined) return { kind: "found", gpu: exact };
  const named = readName(typed);
  if (named === null) return unknown(id);
  const { product, form, memoryGB } = named;
  const fits = gpus.filter(
    (gpu) =>
      gpu.products.includes(product) &&
      (form === null || gpu.form === "any" || gpu.form === form) &&
      (memoryGB === null || gpu.advertisedGB === memoryGB || gpu.otherGB?.includes(memoryGB)),
  );
  const [only] = fits;
  if (only === undefined) return unknown(memoryGB === null ? product : `${product}${memoryGB}`);
  const meant =
    fits.length === 1 && (memoryGB !== null || bareId(only) !== `${product}${only.advertisedGB}`)
      ? only
      : fits.find((gpu) => bareId(gpu) === product || bareId(gpu) === `${product}${memoryGB}`);
  return meant === undefined ? { kind: "ambiguous", candidates: fits } : { kind: "found", gpu: meant };
}

function unknown(name: string): GpuSearch {
  const ids = new Map(gpus.map((gpu) => [bareId(gpu), gpu.id]));
  return { kind: "unknown", nearest: nearest(name, [...ids.keys()]).map((bare) => ids.get(bare) as string) };
}

/** `rtx4090` → `4090`, `v100-32` → `v10032`: equal to a product only where the bare product name means this very row. */
const bareId = (gpu: Gpu): string => gpu.id.replace(/^(?:rtx|metax|mtt)/, "").replaceAll("-", "");

interface Name {
  readonly product: string;
  readonly form: Gpu["form"] | null;
  readonly memoryGB: number | null;
}

const memory = /(?<![a-z\d.])(\d{1,4})\s?g(?:i?b)?(?![a-z\d.])/g;
const brand =
  /^(?:nvidia|英伟达|geforce|tesla|rtx|amd|instinct|huawei|华为|ascend|昇腾|hygon|海光|dcu|cambricon|寒武纪|metax|沐曦|moorethreads|摩尔线程|mtt)+/;
const filler = /^(?:gpu|graphics|generation|tensor|core|oam|blackwell|server|workstation|edition|hbm\d\w?)$/;
const separator = /[\s\p{Pd}_/(),|]+/u;

/** Takes a name apart; null where it names two memory sizes, as the slice of a partitioned card does. */
function readName(typed: string): Name | null {
  const sizes = new Set(Array.from(typed.matchAll(memory), ([, size]) => Number(size)));
  if (sizes.size > 1) return null;
  const words = typed
    .replace(memory, " ")
    .replace("pci-e", "pcie")
    .split(separator)
    .filter((word) => !filler.test(word));
  const forms = words.map(formOf);
  const product = words.filter((_, index) => forms[index] === null).join("");
  const [memoryGB = null] = sizes;
  return { product: product.replace(brand, ""), form: forms.find((form) => form !== null) ?? null, memoryGB };
}

function formOf(word: string): Gpu["form"] | null {
  if (/^(?:sxm\d?|hgx|dgx)$/.test(word)) return "sxm";
  if (/^pcie\d?$/.test(word)) return "pcie";
  return /^nvl\d*$/.test(word) ? "nvl" : null;
}
