import { imagePath } from "./image-paths.ts";

function picture(path: string, width: number, height: number, language: string | null) {
  return {
    aspect_ratio: Math.round((width / height) * 1000) / 1000,
    height,
    iso_639_1: language,
    iso_3166_1: language === null ? null : "US",
    file_path: path,
    vote_average: 5.3,
    vote_count: 4,
    width,
  };
}

/**
 * Posters, backdrops and logos of a title. `language` filters them unless `include_image_language` widens
 * the choice: the trap that leaves clients of the real service without a backdrop.
 */
export function pictures(key: string | number, has: boolean, query: URLSearchParams) {
  const wanted = query.get("include_image_language")?.split(",");
  const language = query.get("language")?.slice(0, 2);
  const allowed = (code: string | null): boolean => {
    if (wanted !== undefined) return wanted.includes(code ?? "null");
    return language === undefined || code === language;
  };
  const backdrops = ["", ":2", ":3"].map((suffix) =>
    picture(imagePath("backdrop", `${key}${suffix}`), 1920, 1080, null),
  );
  const posters = [picture(imagePath("poster", key), 1000, 1500, "en")];
  const logos = [picture(imagePath("logo", key), 800, 310, "en")];
  const chosen = <T extends { iso_639_1: string | null }>(all: T[]) =>
    has ? all.filter((one) => allowed(one.iso_639_1)) : [];
  return { backdrops: chosen(backdrops), logos: chosen(logos), posters: chosen(posters) };
}
