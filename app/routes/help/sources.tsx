import { Anchor } from "@mantine/core";
import { useLoaderData } from "react-router";
import { sources } from "#app/imports/sources/registry.ts";
import classes from "#app/routes/help/sources.module.css";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Page, Section } from "#app/ui/page.tsx";

/** Runs on the server, so that the adapters with all they know of their files stay out of the browser. */
export function loader() {
  return Object.entries(sources).map(([id, { label, formats }]) => ({
    id,
    label,
    formats: formats.map((format) => ({
      id: format.id,
      label: format.label,
      howTo: format.howTo,
      columns: format.columns.map(({ name, required }) => (required ? name : `${name} (may be missing)`)),
    })),
  }));
}

type Source = ReturnType<typeof loader>[number];

export default function Sources() {
  const shown = useLoaderData<typeof loader>();
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
      </p>
      {shown.map(({ id, label, formats }) => (
        <Section key={id} title={label}>
          {formats.map((format) => (
            <Format key={format.id} format={format} />
          ))}
        </Section>
      ))}
    </Page>
  );
}

function Format({ format }: { format: Source["formats"][number] }) {
  const { id, label, howTo, columns } = format;
  return (
    <div className={classes.format}>
      <h3>{label}</h3>
      <div className={classes.how}>
        {howTo.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className={classes.columns}>Columns: {columns.join(", ")}</p>
      </div>
      <Anchor href={`/imports/templates/${id}`} download aria-label={`Download the template of ${label}`}>
        Template
      </Anchor>
    </div>
  );
}
