import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Form, useLocation } from "react-router";
import { useTextFromUrl } from "#app/ui/use-text-from-url.ts";

export interface SearchFieldProps {
  /** What is searched: `Search file names`. */
  label: string;
  /** The parameter in the URL; `q` when absent. */
  param?: string;
}

/** A search that is part of the URL: sent on Enter, keeps the other filters, goes back to the first page. `/` leads here. */
export function SearchField({ label, param = "q" }: SearchFieldProps) {
  const { search } = useLocation();
  const params = new URLSearchParams(search);
  const value = params.get(param) ?? "";
  const kept = [...params].filter(([name]) => name !== param && name !== "page" && name !== "cursor");
  const { key, sent } = useTextFromUrl(value);
  return (
    <Form
      method="get"
      role="search"
      preventScrollReset
      onSubmit={({ currentTarget }) => sent(String(new FormData(currentTarget).get(param) ?? ""))}
    >
      {kept.map(([name, other]) => (
        <input key={`${name}=${other}`} type="hidden" name={name} value={other} />
      ))}
      <TextInput
        key={key}
        type="search"
        name={param}
        defaultValue={value}
        aria-label={label}
        placeholder={label}
        leftSection={<IconSearch size={16} stroke={1.5} />}
      />
    </Form>
  );
}
