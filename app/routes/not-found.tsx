import { AppError } from "#app/errors.ts";
import { door } from "#app/middleware/door.server.ts";

/** Every address that no other route knows. The shell's ErrorBoundary draws it. */
export const loader = door((): null => {
  throw new AppError(
    "PAGE_NOT_FOUND",
    404,
    "No page has this address. It may have been mistyped, or the page was moved; the navigation leads to all there are.",
  );
});

export const action = loader;

export default function NotFound() {
  return null;
}
