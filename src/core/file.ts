/** A file of an emitted folder; `path` is relative to it. */
export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}
