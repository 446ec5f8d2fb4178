import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { ErrorText } from "#app/ui/error-text.tsx";
import { usePost } from "#app/ui/use-post.ts";

export interface UploadButtonProps {
  sourceType: "imdb" | "imdb_event";
  sourceUrl: string;
}

/** Takes a page that was saved in a browser, or a list's CSV export: the way that no robot check closes. */
export function UploadButton({ sourceType, sourceUrl }: UploadButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const { fetcher, pending, error } = usePost((answer) => {
    if (!answer.error) setOpen(false);
  });
  const what = sourceType === "imdb" ? "A saved page (HTML) or the list's CSV export" : "A saved page (HTML)";
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUpload size={16} stroke={1.5} />}
        onClick={() => setOpen(true)}
      >
        Upload page
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Upload a page"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <fetcher.Form method="post" encType="multipart/form-data">
          <Stack gap="md">
            <p>
              Open{" "}
              <a href={sourceUrl} target="_blank" rel="noopener noreferrer">
                its page at IMDb
              </a>{" "}
              in your browser, save it as an HTML file, and choose that file here.
            </p>
            <TextInput
              type="file"
              name="file"
              label={what}
              accept=".html,.htm,.csv,text/html,text/csv"
              required
              withAsterisk={false}
            />
            {error ? <ErrorText announce code={error.code} message={error.message} /> : null}
            <Group justify="flex-end" gap="sm">
              <Button onClick={() => setOpen(false)} variant="default">
                Keep as it is
              </Button>
              <Button type="submit" loading={pending}>
                Import this file
              </Button>
            </Group>
          </Stack>
        </fetcher.Form>
      </Modal>
    </>
  );
}
