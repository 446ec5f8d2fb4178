import {
  FormDataParseError,
  MaxFileSizeExceededError,
  MaxFilesExceededError,
  MaxPartsExceededError,
  MaxTotalSizeExceededError,
  MultipartParseError,
  parseFormData,
} from "@remix-run/form-data-parser";
import { refuseOtherKinds } from "#app/csv/read/file-kind.ts";
import { AppError } from "#app/errors.ts";
import { UploadBody } from "#app/imports/upload-body.ts";
import { cleanFileName, extensionOf } from "#app/imports/upload-name.ts";

/** Room for the text fields and for what multipart puts around them. */
const OVERHEAD_BYTES = 64 * 1024;
/** The file, and more text fields than any form of ours has. */
const MOST_PARTS = 20;

const EXTENSIONS = [".csv", ".tsv", ".txt"];
/** What clients call a CSV. Windows says Excel where Excel is installed; curl says octet-stream. */
const MEDIA_TYPES = [
  "text/csv",
  "application/csv",
  "application/x-csv",
  "text/x-csv",
  "text/comma-separated-values",
  "text/tab-separated-values",
  "text/plain",
  "application/vnd.ms-excel",
  "application/octet-stream",
];

export interface FormUpload {
  bytes: Uint8Array;
  /** Cleaned; see `cleanFileName`. */
  fileName: string;
  /** Text fields by name; of a repeated one the last. */
  fields: Record<string, string>;
}

/**
 * Reads a multipart upload: exactly one file in the field `file`, with text fields beside it. Memory is bounded whatever
 * the request claims about its length, and a refused body is read to its end so that the refusal arrives.
 *
 * @param maxBytes IMPORT_MAX_BYTES
 * @throws AppError `NOT_MULTIPART` (415), `NO_FILE`, `TOO_MANY_FILES`, `MALFORMED_UPLOAD`, `UPLOAD_ABORTED` (400),
 *   `FILE_TOO_LARGE` (413); `ZIP_FILE`, `GZIP_FILE`, `NOT_TEXT`, `NOT_A_CSV` (415)
 */
export async function readUpload(request: Request, maxBytes: number): Promise<FormUpload> {
  if (!request.body) throw isMultipart(request) ? noFile([]) : notMultipart(request);
  const body = new UploadBody(request.body);
  try {
    if (!isMultipart(request)) throw notMultipart(request);
    if (Number(request.headers.get("content-length") ?? 0) > maxBytes + OVERHEAD_BYTES)
      throw fileTooLarge(maxBytes);
    return await readForm(request, body, maxBytes);
  } catch (error) {
    await body.drain();
    throw error;
  }
}

async function readForm(request: Request, body: UploadBody, maxBytes: number): Promise<FormUpload> {
  const files: File[] = [];
  const fields: Record<string, string> = Object.create(null);
  try {
    const form = await parseFormData(
      multipart(request, body.stream()),
      {
        maxFiles: 1,
        maxFileSize: maxBytes,
        maxParts: MOST_PARTS,
        maxTotalSize: maxBytes + OVERHEAD_BYTES,
      },
      (file) => {
        files.push(file);
        return file;
      },
    );
    for (const [name, value] of form) if (typeof value === "string") fields[name] = value;
    const file = form.get("file");
    if (!(file instanceof File) || isNotChosen(file)) throw noFile([...form.keys()]);
    return await readFile(file, fields);
  } catch (error) {
    if (body.broken) throw aborted(error);
    throw uploadError(error, files.length, maxBytes);
  }
}

/** A form whose file was not chosen sends an empty part without a name, which the parser then calls `file-upload`. */
function isNotChosen(file: File): boolean {
  return file.size === 0 && (file.name === "" || file.name === "file-upload");
}

/** The same request over our view of its body. */
function multipart(request: Request, body: ReadableStream<Uint8Array>): Request {
  // TypeScript's DOM types do not know `duplex`, which Node asks for when the body is a stream.
  const init: RequestInit & { duplex: "half" } = {
    method: "POST",
    headers: { "content-type": request.headers.get("content-type") ?? "" },
    body,
    duplex: "half",
  };
  return new Request(request.url, init);
}

async function readFile(file: File, fields: Record<string, string>): Promise<FormUpload> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const fileName = cleanFileName(file.name);
  // First: "unpack the archive" says more than "not a CSV".
  refuseOtherKinds(bytes);
  const extension = extensionOf(fileName);
  const type = file.type.split(";", 1).join("").trim().toLowerCase();
  const isNamedLikeText = extension === "" ? type.startsWith("text/") : EXTENSIONS.includes(extension);
  if (!isNamedLikeText || (type !== "" && !MEDIA_TYPES.includes(type)))
    throw new AppError(
      "NOT_A_CSV",
      415,
      "This is not a CSV file by its name or type. Upload a file that ends in .csv (.tsv and .txt are read too).",
      { extension, type, extensions: EXTENSIONS, types: MEDIA_TYPES },
    );
  return { bytes, fileName, fields };
}

function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\s*;.*boundary=/i.test(request.headers.get("content-type") ?? "");
}

/** @param files how many files had arrived whole */
function uploadError(error: unknown, files: number, maxBytes: number): unknown {
  if (error instanceof MaxFilesExceededError) return tooManyFiles();
  if (error instanceof MaxFileSizeExceededError || error instanceof MaxTotalSizeExceededError)
    // What did not fit behind a whole file was a second one.
    return files > 0 ? tooManyFiles() : fileTooLarge(maxBytes);
  if (error instanceof MaxPartsExceededError || error instanceof MultipartParseError) return malformed(error);
  // Thrown bare for names and fields that are not UTF-8.
  if (error instanceof TypeError) return malformed(error);
  if (!(error instanceof FormDataParseError)) return error;
  const { cause } = error;
  // The parser has one class for everything; a body that just stops is the only one of these that sending again mends.
  const isCutShort = cause instanceof MultipartParseError && cause.message.includes("not finished");
  return isCutShort ? aborted(cause) : malformed(cause);
}

const notMultipart = (request: Request): AppError =>
  new AppError(
    "NOT_MULTIPART",
    415,
    'Send the file as multipart/form-data, in a field called "file". With curl: -F file=@films.csv',
    { contentType: request.headers.get("content-type")?.slice(0, 200) ?? null },
  );

const noFile = (found: string[]): AppError =>
  new AppError("NO_FILE", 400, 'The upload holds no file. Put one CSV file into the field called "file".', {
    fields: [...new Set(found)].slice(0, MOST_PARTS).map((name) => name.slice(0, 100)),
  });

const tooManyFiles = (): AppError =>
  new AppError(
    "TOO_MANY_FILES",
    400,
    "The upload holds more than one file. Upload one CSV file at a time, each as its own import.",
  );

const fileTooLarge = (maxBytes: number): AppError =>
  new AppError(
    "FILE_TOO_LARGE",
    413,
    `The file is larger than ${inWords(maxBytes)}. Split it and upload the parts one after the other, or raise IMPORT_MAX_BYTES.`,
    { maxBytes },
  );

const malformed = (cause: unknown): AppError =>
  new AppError(
    "MALFORMED_UPLOAD",
    400,
    "The upload is not well-formed multipart/form-data, so nothing was stored. Send it again with an HTTP client that builds the form itself.",
    undefined,
    { cause },
  );

const aborted = (cause: unknown): AppError =>
  new AppError(
    "UPLOAD_ABORTED",
    400,
    "The upload ended before the whole file had arrived, so nothing was stored. Upload it again.",
    undefined,
    { cause },
  );

function inWords(bytes: number): string {
  const mebibytes = bytes / 1024 / 1024;
  if (mebibytes >= 1) return `${Number(mebibytes.toFixed(1))} MiB`;
  return `${Number((bytes / 1024).toFixed(1))} KiB`;
}
