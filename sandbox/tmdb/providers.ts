import { stableNumber } from "../stable-hash.ts";
import { imagePath } from "./image-paths.ts";

const NETFLIX = 8;
const APPLE_TV = 2;

function provider(id: number, name: string, priority: number) {
  return {
    logo_path: imagePath("logo", `provider${id}`),
    provider_id: id,
    provider_name: name,
    display_priority: priority,
  };
}

/** Where a title can be watched, keyed by country; every sixth title can be watched nowhere: `{}`. */
export function watchProviders(kind: "movie" | "tv", id: number) {
  if (stableNumber(`providers:${kind}:${id}`, 6) === 0) return { results: {} };
  const link = (country: string) => `https://www.themoviedb.org/${kind}/${id}/watch?locale=${country}`;
  return {
    results: {
      GB: { link: link("GB"), flatrate: [provider(NETFLIX, "Netflix", 0)] },
      US: {
        link: link("US"),
        rent: [provider(APPLE_TV, "Apple TV", 3)],
        buy: [provider(APPLE_TV, "Apple TV", 3)],
      },
    },
  };
}
