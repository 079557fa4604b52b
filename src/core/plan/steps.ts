import { type Steps, steps } from "../units.ts";
import { atLeast, type Version } from "../version.ts";

/**
 * Optimizer steps an epoch, as transformers counts them. A process sees `ceil(samples / (world * micro))` batches (without
 * the last, incomplete one when `dropLast`); up to 4.51 the incomplete last group of an accumulation was dropped from the
 * count, from 4.52 it counts as a step. Source: huggingface/transformers src/transformers/trainer.py, set_initial_training_values.
 */
export function stepsPerEpoch(
  samples: number,
  batch: { readonly micro: number; readonly accumulation: number; readonly world: number },
  transformers: Version,
  dropLast: boolean,
): Steps {
  const batches = samples / (batch.world * batch.micro);
  const perProcess = dropLast ? Math.floor(batches) : Math.ceil(batches);
  const groups = perProcess / batch.accumulation;
  return steps(Math.max(1, atLeast(transformers, "4.52") ? Math.ceil(groups) : Math.floor(groups)));
}

/** Optimizer steps of the whole run: `ceil(epochs * steps an epoch)`. Same source. */
export function totalSteps(epochs: number, perEpoch: Steps): Steps {
  return steps(Math.ceil(epochs * perEpoch));
}
