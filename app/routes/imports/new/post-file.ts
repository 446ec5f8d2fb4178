/** An answer, or null when none came: the connection was lost, or the server is away. */
export interface PostedFile {
  status: number;
  body: unknown;
}

/**
 * Posts a form with a file and says how far it is, which `fetch` cannot.
 *
 * @param onProgress called with the share that has left, 0 to 1
 * @returns null when no answer came
 * @throws DOMException AbortError when `signal` fires
 */
export function postFile(
  url: string,
  form: FormData,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<PostedFile | null> {
  const { promise, resolve, reject } = Promise.withResolvers<PostedFile | null>();
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.upload.addEventListener("progress", ({ loaded, total }) =>
    onProgress(total > 0 ? loaded / total : 0),
  );
  request.addEventListener("load", () =>
    resolve({ status: request.status, body: parseJson(request.responseText) }),
  );
  request.addEventListener("error", () => resolve(null));
  request.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
  signal.addEventListener("abort", () => request.abort(), { once: true });
  request.send(form);
  return promise;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
