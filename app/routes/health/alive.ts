import { byMethod } from "#app/routes/api/by-method.ts";

const methods = byMethod({ GET: () => Response.json({ status: "alive" }) });
export const loader = methods;
export const action = methods;
