import { Anchor } from "@mantine/core";
import type { ExtrasView } from "#app/routes/library/work/extras-view.ts";
import { Facts } from "#app/ui/facts.tsx";
import { formatCount } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";

const VIDEOS_SHOWN = 6;

type ProductionProps = Pick<
  ExtrasView,
  "companies" | "countries" | "budget" | "revenue" | "keywords" | "videos"
>;

/** Who paid, what it brought, what it is about, and its trailers. */
export function Production({ companies, countries, budget, revenue, keywords, videos }: ProductionProps) {
  const facts = [
    { label: "Companies", value: joined(companies) },
    { label: "Countries", value: joined(countries) },
    { label: "Budget", value: dollars(budget) },
    { label: "Revenue", value: dollars(revenue) },
    { label: "Keywords", value: joined(keywords) },
    { label: "Videos", value: videos.length > 0 ? <Videos videos={videos.slice(0, VIDEOS_SHOWN)} /> : null },
  ];
  if (facts.every((fact) => fact.value === null)) return null;
  return (
    <Section title="Production">
      <Facts facts={facts} />
    </Section>
  );
}

const joined = (names: readonly string[]) => (names.length > 0 ? names.join(", ") : null);
const dollars = (amount: number | null) => (amount === null ? null : `US$ ${formatCount(amount)}`);

function Videos({ videos }: Pick<ExtrasView, "videos">) {
  return videos.map(({ url, name, type }, index) => (
    <span key={url}>
      {index > 0 ? ", " : null}
      <Anchor inherit href={url} target="_blank" rel="noopener noreferrer">
        {name ?? type ?? "Video"}
      </Anchor>
    </span>
  ));
}
