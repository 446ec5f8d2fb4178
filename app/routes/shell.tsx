import {
  type LoaderFunctionArgs,
  Outlet,
  useLoaderData,
  useRouteError,
  useRouteLoaderData,
} from "react-router";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import { requireOperator } from "#app/middleware/request-context.server.ts";
import { lostCount } from "#app/routes/discovery/lost-count.server.ts";
import { failedJobCount } from "#app/routes/queue/failed-job-count.server.ts";
import { suspiciousCount } from "#app/routes/quotes/suspicious-count.server.ts";
import { titlesToReview as countTitles } from "#app/routes/review/titles-to-review.server.ts";
import { ErrorPage } from "#app/ui/error-page.tsx";
import { withCounts } from "#app/ui/navigation.ts";
import { Shell, type ShellProps } from "#app/ui/shell.tsx";
import manifest from "../../package.json" with { type: "json" };

export const loader = door(async ({ context }: LoaderFunctionArgs) => {
  const { email } = requireOperator(context);
  const { db, config } = appContext();
  const [titlesToReview, suspiciousQuotes, failedJobs, lostTitles] = await Promise.all([
    countTitles(db),
    suspiciousCount(db),
    failedJobCount(db),
    lostCount(db),
  ]);
  const { version } = manifest;
  return {
    email,
    sandbox: config.SANDBOX,
    version,
    titlesToReview,
    suspiciousQuotes,
    failedJobs,
    lostTitles,
  };
});

type ShellData = Awaited<ReturnType<typeof loader>>;

const ROUTE_ID = "routes/shell";

const shellProps = (shell: ShellData): Omit<ShellProps, "children"> => ({
  navigation: withCounts({
    "/review": shell.titlesToReview,
    "/quotes": shell.suspiciousQuotes,
    "/discovery": shell.lostTitles,
    "/queue": shell.failedJobs,
  }),
  operator: { email: shell.email, signOutAction: "/sign-out" },
  sandbox: shell.sandbox,
  version: shell.version,
});

export default function ShellRoute() {
  return (
    <Shell {...shellProps(useLoaderData<typeof loader>())}>
      <Outlet />
    </Shell>
  );
}

/** Whatever a page inside throws is shown with the navigation still around it. */
export function ErrorBoundary() {
  const shell = useRouteLoaderData<typeof loader>(ROUTE_ID);
  const page = <ErrorPage error={useRouteError()} />;
  return shell ? <Shell {...shellProps(shell)}>{page}</Shell> : <main>{page}</main>;
}
