import type { Place } from "../readers/source.ts";
import type { Launch } from "./command.ts";
import type {
  AccelerateFile,
  ArgumentsFile,
  DeepSpeedFile,
  Dialect,
  HostFile,
  ProgramFile,
  Recognised,
  ScriptFile,
  Xtuner1File,
  XtunerFile,
} from "./recognise.ts";
import type { Settings } from "./settings.ts";
import type { Pinned } from "./versions.ts";

/** What files can't tell, and a person may. */
export interface Context {
  readonly gpu?: string | undefined;
  /** GPUs over all nodes. */
  readonly gpus?: number | undefined;
  readonly nodes?: number | undefined;
  readonly transformers?: string | undefined;
  readonly deepspeed?: string | undefined;
  readonly xtuner?: string | undefined;
}

/** A file that is named where somebody wants it read. */
export interface Named {
  readonly text: string;
  readonly place: Place;
  /** Whether it is there: null where that can't be told. */
  readonly found: boolean | null;
}

/**
 * Who fills and reads the DeepSpeed config: transformers' Trainer, accelerate in a loop of one's own, DeepSpeed itself,
 * mmengine (XTuner); null where nothing says.
 */
export type Reader = "trainer" | "accelerate" | "deepspeed" | "mmengine";

export type Package = "transformers" | "deepspeed" | "accelerate" | "torch" | "xtuner" | "flagembedding" | "peft";

/** Files that are read together by one training, and what is known of where it runs. */
export interface Job {
  /** The file that a person starts. */
  readonly name: string;
  readonly launch: Launch | null;
  readonly script: ScriptFile | null;
  readonly program: ProgramFile | null;
  /** The arguments of the training: those of the command over those of its file. */
  readonly args: Settings | null;
  readonly argsFile: ArgumentsFile | null;
  readonly dialect: Dialect | null;
  readonly ds: DeepSpeedFile | null;
  /** How the job names its DeepSpeed config; a framework's own ones have no file. */
  readonly dsNamed: Named | null;
  readonly reader: Reader | null;
  readonly accelerate: AccelerateFile | null;
  readonly xtuner: XtunerFile | null;
  readonly xtuner1: Xtuner1File | null;
  readonly hosts: HostFile | null;
  readonly files: readonly Recognised[];
  readonly version: (name: Package) => Pinned;
  readonly context: Context;
}
