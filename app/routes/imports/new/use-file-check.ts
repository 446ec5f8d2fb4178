import { useCallback, useEffect, useRef, useState } from "react";
import type { RepairCheck } from "#app/imports/corrections/repair/repair-plan.ts";
import type { ParseReport } from "#app/imports/csv/parse-report.ts";
import { isErrorBody } from "#app/middleware/error-body.ts";
import { postFile } from "#app/routes/imports/new/post-file.ts";
import { formatBytes } from "#app/ui/format.ts";

/** How the file is to be read; empty: find out. */
export interface ReadOptions {
  format: string;
  encoding: string;
  delimiter: string;
  /** For files whose dates can be read in several ways. */
  dateOrder: string;
  /** For files that hold the rows of several people. */
  profile: string;
  /** For corrected failed-rows files: id of the import that it repairs, or `no`. */
  repairs: string;
}

/** An earlier import of the very same bytes. */
export interface SameFile {
  id: string;
  status: string;
  dryRun: boolean;
  undone: boolean;
  createdAt: string;
  uploadedBy: string | null;
}

export type Check =
  | { state: "none" }
  | { state: "checking"; share: number }
  | { state: "refused"; error: { code: string; message: string } }
  | { state: "checked"; report: ParseReport; sameFile: SameFile[]; repair: RepairCheck | null; key: string };

export interface FileCheck {
  /** As it was when it was chosen: its bytes are in memory, so that what is started is what was checked. */
  file: File | null;
  options: ReadOptions;
  check: Check;
  choose: (file: File | null) => void;
  /** Reads the same file again, some options changed. */
  readAs: (options: Partial<ReadOptions>) => void;
  refuse: (error: { code: string; message: string }) => void;
}

const findOut: ReadOptions = {
  format: "",
  encoding: "",
  delimiter: "",
  dateOrder: "",
  profile: "",
  repairs: "",
};

/** Has a chosen file checked by the server, again whenever it or the way to read it changes; the last choice wins. */
export function useFileCheck(maxBytes: number): FileCheck {
  const [file, setFile] = useState<File | null>(null);
  const [options, setOptions] = useState(findOut);
  const [check, setCheck] = useState<Check>({ state: "none" });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(async (chosen: File, asked: ReadOptions) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const show = (next: Check) => {
      if (!controller.signal.aborted) setCheck(next);
    };
    show({ state: "checking", share: 0 });
    try {
      show(await askServer(chosen, asked, controller.signal, (share) => show({ state: "checking", share })));
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
  }, []);

  const refuse = useCallback((error: { code: string; message: string }) => {
    running.current?.abort();
    setFile(null);
    setCheck({ state: "refused", error });
  }, []);

  const choose = useCallback(
    async (chosen: File | null) => {
      running.current?.abort();
      setOptions(findOut);
      if (chosen === null) {
        setFile(null);
        setCheck({ state: "none" });
        return;
      }
      if (chosen.size > maxBytes) return refuse(tooLarge(chosen, maxBytes));
      const held = await holdInMemory(chosen);
      if (held === null) return refuse(unreadable);
      setFile(held);
      await run(held, findOut);
    },
    [maxBytes, refuse, run],
  );

  const readAs = useCallback(
    (patch: Partial<ReadOptions>) => {
      const next = { ...options, ...patch };
      setOptions(next);
      if (file) void run(file, next);
    },
    [file, options, run],
  );

  return { file, options, check, choose, readAs, refuse };
}

async function askServer(
  file: File,
  options: ReadOptions,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Check> {
  const form = new FormData();
  for (const [name, value] of Object.entries(options)) form.set(name, value);
  form.set("file", file);
  const answer = await postFile("/imports/check", form, { signal, onProgress });
  if (answer === null) return { state: "refused", error: unreachable };
  if (isCheckAnswer(answer.body)) return { state: "checked", ...answer.body, key: newKey() };
  return { state: "refused", error: isErrorBody(answer.body) ? answer.body.error : unexpected };
}

/** The answer of `/imports/check`, as `app/routes/imports/check.ts` gives it. */
function isCheckAnswer(
  body: unknown,
): body is { report: ParseReport; sameFile: SameFile[]; repair: RepairCheck | null } {
  return (
    typeof body === "object" && body !== null && "report" in body && "sameFile" in body && "repair" in body
  );
}

/** A file that changes on disk after it was chosen can no longer be sent: its bytes are kept instead. */
async function holdInMemory(file: File): Promise<File | null> {
  try {
    return new File([await file.arrayBuffer()], file.name, { type: file.type });
  } catch {
    return null;
  }
}

/** `crypto.randomUUID` is missing on plain http, where a desk in a home network may well stand. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

const tooLarge = (file: File, maxBytes: number) => ({
  code: "FILE_TOO_LARGE",
  message: `${file.name} has ${formatBytes(file.size)}; at most ${formatBytes(maxBytes)} are taken. Split it and upload the parts one after the other.`,
});

const unreadable = {
  code: "FILE_UNREADABLE",
  message: "The browser could not read the file. It may have been moved, or it is a folder: choose it again.",
};

export const unreachable = {
  code: "SERVER_UNREACHABLE",
  message: "The server did not answer. The file is still chosen: check the connection and try again.",
};

const unexpected = {
  code: "UNEXPECTED_ANSWER",
  message: "The server answered in a way that was not expected. The file is still chosen: try again.",
};
