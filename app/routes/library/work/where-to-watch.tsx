import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import classes from "#app/routes/library/work/extras.module.css";
import type { ExtrasView } from "#app/routes/library/work/extras-view.ts";
import { Facts } from "#app/ui/facts.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { withSearch } from "#app/ui/search-params.ts";

/** Ways to watch in one country, and the other countries to choose from. TMDB asks for JustWatch's name beside its data. */
export function WhereToWatch({ watch }: Pick<ExtrasView, "watch">) {
  const { search } = useLocation();
  if (!watch) return null;
  return (
    <Section
      title={`Where to watch · ${watch.countryName}`}
      aside={
        <span className={classes.dimmed}>
          Data by{" "}
          <Anchor inherit href="https://www.justwatch.com" target="_blank" rel="noopener noreferrer">
            JustWatch
          </Anchor>
          {watch.link ? (
            <>
              {" · "}
              <Anchor inherit href={watch.link} target="_blank" rel="noopener noreferrer">
                at TMDB
              </Anchor>
            </>
          ) : null}
        </span>
      }
    >
      <Facts facts={watch.kinds.map(({ label, providers }) => ({ label, value: providers.join(", ") }))} />
      {watch.countries.length > 1 ? (
        <details className={classes.more} open={watch.country !== watch.defaultCountry}>
          <summary>{formatQuantity(watch.countries.length, "country", "countries")}</summary>
          <nav className={classes.countries} aria-label="Countries">
            {watch.countries.map(({ code, name }) => (
              <Link
                key={code}
                to={withSearch(search, { country: code === watch.defaultCountry ? null : code })}
                aria-current={code === watch.country ? "true" : undefined}
                aria-label={`${code}, ${name}`}
                title={name}
                preventScrollReset
              >
                {code}
              </Link>
            ))}
          </nav>
        </details>
      ) : null}
    </Section>
  );
}
