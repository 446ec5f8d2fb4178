import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { type ListCategory, listCategories } from "#app/awards/lists/list-source.ts";
import { FETCH_WAY_WORDS, FETCH_WAYS, type FetchWay } from "#app/upstreams/imdb/fetch-way.ts";

export interface ListFieldsProps {
  list?: {
    name: string;
    description: string | null;
    sourceUrl: string;
    sourceType: "imdb" | "imdb_event";
    category: ListCategory;
    tracksAwards: boolean;
    fetchWay: FetchWay;
    /** `2015–2024`; empty for lists. */
    years: string;
  };
}

/** What is asked about a list when it is added or changed. */
export function ListFields({ list }: ListFieldsProps) {
  return (
    <Stack gap="sm">
      <TextInput
        name="address"
        label="Address at IMDb"
        description="Of a list (https://www.imdb.com/list/ls…) or of an event (https://www.imdb.com/event/ev…), or its id alone"
        defaultValue={list?.sourceUrl ?? ""}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <TextInput
        name="name"
        label="Name"
        description={list ? undefined : "Left empty, a list takes its own from its page"}
        defaultValue={list?.name ?? ""}
        maxLength={200}
        autoComplete="off"
      />
      <Textarea
        name="description"
        label="Description"
        defaultValue={list?.description ?? ""}
        maxLength={2000}
        autosize
        minRows={1}
      />
      <NativeSelect
        name="category"
        label="Category"
        defaultValue={list?.category ?? "curated"}
        data={[...listCategories]}
      />
      <NativeSelect
        name="fetchWay"
        label="How its pages come"
        description={FETCH_WAY_WORDS[list?.fetchWay ?? "page"].explanation}
        defaultValue={list?.fetchWay ?? "page"}
        data={FETCH_WAYS.map((way) => ({ value: way, label: FETCH_WAY_WORDS[way].label }))}
      />
      {list?.sourceType === "imdb" ? null : (
        <TextInput
          name="years"
          label="Years of an event"
          description="Fetched when an import does not say others: 2024, or 2015-2024"
          defaultValue={list?.years ?? ""}
          autoComplete="off"
        />
      )}
      <Checkbox
        name="tracksAwards"
        value="yes"
        label="The remarks of its entries name awards"
        defaultChecked={list?.tracksAwards ?? false}
      />
    </Stack>
  );
}
