import { Anchor } from "@mantine/core";
import { useLoaderData } from "react-router";
import { sourceIds } from "#app/imports/sources/adapter.ts";
import { sources } from "#app/imports/sources/registry.ts";
import { type SourceGuide, sourceGuides } from "#app/routes/help/source-guides.ts";
import classes from "#app/routes/help/sources.module.css";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Page, Section } from "#app/ui/page.tsx";

/** Runs on the server so that the adapters, with all they know of their files, stay out of the browser. */
export function loader() {
  return {
    guides: sourceIds.flatMap((id) => {
      const guide = sourceGuides[id];
      const { label, formats } = sources[id];
      if (!guide || formats.length === 0) return [];
      const templates = formats.map((format) => ({
        id: format.id,
        label: format.label,
        columns: format.columns.map(({ name, required }) => (required ? name : `${name} (may be missing)`)),
      }));
      return [{ id, label, guide, templates }];
    }),
    later: sourceIds.filter((id) => sources[id].formats.length === 0).map((id) => sources[id].label),
  };
}

export default function Sources() {
  const { guides, later } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Files that work"
      back={{ to: "/imports/new", label: "New import" }}
      actions={
        <LinkButton to="/imports/new" tone="primary">
          New import
        </LinkButton>
      }
    >
      <p className={classes.text}>
        A file is recognised by the names of its columns, so leave the header as it is. Comma, semicolon, tab
        and vertical bar are read, in UTF-8, UTF-16 and Windows-1252.
        {later.length > 0 ? ` ${later.join(", ")} cannot be read yet.` : ""}
      </p>
      {guides.map(({ id, label, guide, templates }) => (
        <Section
          key={id}
          title={label}
          aside={guide.exportPage ? <ExportLink page={guide.exportPage} /> : null}
        >
          <ol className={classes.steps}>
            {guide.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <ul className={classes.notes}>
            {guide.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <Templates templates={templates} />
        </Section>
      ))}
    </Page>
  );
}

function ExportLink({ page }: { page: NonNullable<SourceGuide["exportPage"]> }) {
  return (
    <Anchor href={page.url} target="_blank" rel="noopener noreferrer">
      {page.label}
    </Anchor>
  );
}

interface TemplatesProps {
  templates: readonly { id: string; label: string; columns: string[] }[];
}

function Templates({ templates }: TemplatesProps) {
  return (
    <dl className={classes.templates}>
      {templates.map(({ id, label, columns }) => (
        <div key={id}>
          <dt>{label}</dt>
          <dd>{columns.join(", ")}</dd>
          <dd>
            <Anchor
              href={`/imports/templates/${id}`}
              download
              aria-label={`Download the template of ${label}`}
            >
              Template
            </Anchor>
          </dd>
        </div>
      ))}
    </dl>
  );
}
