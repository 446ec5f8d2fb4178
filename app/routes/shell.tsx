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
import { ErrorPage } from "#app/ui/error-page.tsx";
import { Shell, type ShellProps } from "#app/ui/shell.tsx";
import manifest from "../../package.json" with { type: "json" };

export const loader = door(({ context }: LoaderFunctionArgs) => ({
  email: requireOperator(context).email,
  sandbox: appContext().config.SANDBOX,
  version: manifest.version,
}));

type ShellData = Awaited<ReturnType<typeof loader>>;

const ROUTE_ID = "routes/shell";

const shellProps = ({ email, sandbox, version }: ShellData): Omit<ShellProps, "children"> => ({
  operator: { email, signOutAction: "/sign-out" },
  sandbox,
  version,
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
