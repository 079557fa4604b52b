import { type Message, message } from "../messages/message.ts";

/** One thing that is wrong: what, where (a flag, or a file and line), and what to do instead. */
export interface Complaint {
  readonly message: Message;
  readonly place?: string | undefined;
  readonly instead?: Message | null | undefined;
}

/** Wrong usage or bad input: the person can mend it. Exit code 2. */
export class UsageError extends Error {
  readonly complaints: readonly Complaint[];

  constructor(...complaints: readonly Complaint[]) {
    super(complaints[0]?.message.code);
    this.complaints = complaints;
  }
}

/** Ctrl-C, or "no" at the last question. Nothing was written. */
export class Cancelled extends Error {}

/** A job that does not fit its cards. Exit code 1; what would fit has been printed. */
export class Unfit extends Error {}

/** Drift: `regenerate --check` found files that differ. Exit code 1; what differs has been printed. */
export class Drift extends Error {}

/** `check` found an error, or more warnings than are allowed. Exit code 1; what was found has been printed. */
export class Found extends Drift {}

/** What the operating system said, as something to do about it. */
export function fileComplaint(error: unknown, path: string): UsageError | null {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ENOENT":
      return new UsageError({ message: message("file.missing"), place: path });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new UsageError({ message: message("file.forbidden"), place: path });
    case "ENOSPC":
    case "EDQUOT":
      return new UsageError({ message: message("file.full"), place: path });
    case "EISDIR":
      return new UsageError({ message: message("file.isFolder"), place: path });
    case "ENOTDIR":
      return new UsageError({ message: message("file.underFile"), place: path });
    case "ENAMETOOLONG":
      return new UsageError({ message: message("file.nameTooLong"), place: path });
    default:
      // Any other word of the system's (a file too large, too many open files) is no defect of ours.
      return isSystemError(error)
        ? new UsageError({ message: message("file.failed", { reason: error.message }), place: path })
        : null;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;
