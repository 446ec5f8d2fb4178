import type { Config } from "#app/config.server.ts";

/** The origin that people see: `APP_URL`'s, else the one of the request itself. */
export function appOrigin(request: Request, config: Pick<Config, "APP_URL">): string {
  return new URL(config.APP_URL ?? request.url).origin;
}

/** Whether people reach us over https, if only through a proxy in front. */
export function isSecure(request: Request, config: Pick<Config, "APP_URL">): boolean {
  return appOrigin(request, config).startsWith("https:") || new URL(request.url).protocol === "https:";
}
