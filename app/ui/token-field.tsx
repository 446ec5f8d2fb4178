import { Autocomplete } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Form, useLocation, useSubmit } from "react-router";

export interface TokenFieldProps {
  /** What is filtered: `Filter jobs`. */
  label: string;
  /** An example of what can be written. */
  placeholder: string;
  /** Whole texts that could follow what is typed so far. Those that end with a colon wait for their value. */
  suggest: (typed: string) => string[];
  /** The parameter in the URL; `q` when absent. */
  param?: string;
}

/**
 * A filter of words like `task:refresh_work since:24h` that is part of the URL: sent on Enter, suggests how a word goes on, keeps
 * the other parameters, goes back to the first page. `/` leads here.
 */
export function TokenField(props: TokenFieldProps) {
  const { search } = useLocation();
  const value = new URLSearchParams(search).get(props.param ?? "q") ?? "";
  // A new value from the URL (back, clear filters) replaces what stands in the field.
  return <Field key={value} {...props} initial={value} />;
}

function Field({ label, placeholder, suggest, param = "q", initial }: TokenFieldProps & { initial: string }) {
  const { search } = useLocation();
  const submit = useSubmit();
  const [typed, setTyped] = useState(initial);
  const kept = [...new URLSearchParams(search)].filter(([name]) => name !== param && name !== "cursor");
  return (
    <Form
      method="get"
      role="search"
      preventScrollReset
      onSubmit={(event) => {
        event.preventDefault();
        const text = typed.trim();
        submit(new URLSearchParams([...kept, ...(text ? [[param, text]] : [])]), {
          preventScrollReset: true,
        });
      }}
    >
      {kept.map(([name, other]) => (
        <input key={`${name}=${other}`} type="hidden" name={name} value={other} />
      ))}
      <Autocomplete
        type="search"
        name={param}
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        onChange={setTyped}
        data={suggest(typed)}
        // Suggestions fit already; Mantine would look for the whole text in each.
        filter={({ options }) => options}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        autoComplete="off"
        spellCheck={false}
      />
    </Form>
  );
}
