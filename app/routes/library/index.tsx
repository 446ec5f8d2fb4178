import { Anchor } from "@mantine/core";
import { Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { isFiltered, type LibraryView } from "#app/routes/library/library-view.ts";
import classes from "#app/routes/library/list/list.module.css";
import { loadLibrary } from "#app/routes/library/list/load-library.server.ts";
import { WorksGrid } from "#app/routes/library/list/works-grid.tsx";
import { WorksTable } from "#app/routes/library/list/works-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { useLive } from "#app/ui/live.tsx";
import { Page } from "#app/ui/page.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { Toolbar } from "#app/ui/toolbar.tsx";

export const loader = door(({ url }: LoaderFunctionArgs) => loadLibrary(appContext(), url.searchParams));

export default function Library() {
  const { view, works, nextCursor } = useLoaderData<typeof loader>();
  useLive("/live?topic=imports");
  const empty = isFiltered(view) ? <NothingMatches view={view} /> : nothingYet;
  const Works = view.layout === "table" ? WorksTable : WorksGrid;
  return (
    <Page title="Library">
      <Toolbar search={<SearchField label="Search titles" />}>
        <Choices view={view} />
      </Toolbar>
      <Works works={works} empty={empty} />
      <KeysetPager label="Library" next={nextCursor} shown={works.length} />
    </Page>
  );
}

function Choices({ view }: { view: LibraryView }) {
  return (
    <div className={classes.choices}>
      <FilterChips
        label="Works by kind"
        param="show"
        current={view.show}
        chips={[
          { value: null, label: "all" },
          { value: "films", label: "films" },
          { value: "series", label: "series" },
          { value: "unmatched", label: "unmatched" },
        ]}
      />
      <span className={classes.choice}>
        <span className={classes.choiceLabel}>Sort</span>
        <FilterChips
          label="Order of works"
          param="sort"
          current={view.sort === "added" ? null : view.sort}
          chips={[
            { value: null, label: "added" },
            { value: "title", label: "title" },
            { value: "seen", label: "last seen" },
          ]}
        />
      </span>
      <span className={classes.choice}>
        <span className={classes.choiceLabel}>View</span>
        <FilterChips
          label="View"
          param="view"
          current={view.layout === "grid" ? null : view.layout}
          chips={[
            { value: null, label: "grid" },
            { value: "table", label: "table" },
          ]}
        />
      </span>
    </div>
  );
}

/** Clearing keeps what does not narrow the list. */
function NothingMatches({ view }: { view: LibraryView }) {
  const kept = new URLSearchParams();
  if (view.sort !== "added") kept.set("sort", view.sort);
  if (view.layout !== "grid") kept.set("view", view.layout);
  return <EmptyState kind="match" title="No film or series matches" clearTo={`?${kept}`} />;
}

const nothingYet = (
  <EmptyState
    kind="yet"
    title="Nothing in the library yet"
    action={
      <LinkButton to="/imports/new" tone="primary">
        New import
      </LinkButton>
    }
  >
    Films and series arrive with an import.{" "}
    <Anchor component={Link} to="/help/sources" underline="always">
      Where do I get my export?
    </Anchor>
  </EmptyState>
);
