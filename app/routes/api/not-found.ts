import { AppError } from "#app/errors.ts";
import { door } from "#app/middleware/door.server.ts";

/** Whatever else lies under the machine API's addresses: JSON like all its errors, not the page that people get. */
const nothing = door((): Response => {
  throw new AppError("NOT_FOUND", 404, "There is nothing at this address. /docs/api lists all addresses.");
});
export const loader = nothing;
export const action = nothing;
