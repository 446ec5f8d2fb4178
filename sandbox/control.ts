import { z } from "zod";
import { type Answer, json, type SandboxRequest } from "./answer.ts";
import type { MovieRecord, ShowRecord } from "./catalogue/store.ts";
import { type ActiveFault, type FaultRule, faultRuleSchema, type Service, serviceSchema } from "./faults.ts";
import type { RecordedRequest } from "./request-log.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { type EditedTitle, type TitleEdit, titleEditSchema } from "./tmdb/edits.ts";

/** Steers a running sandbox from the same process; over HTTP the same stands under `/__sandbox/…`. */
export type SandboxControl = {
  /** Recorded requests, oldest first; of one service when named. */
  requests(service?: Service): RecordedRequest[];
  clearRequests(): void;
  /** Adds a fault. @returns its id. @throws when the rule is malformed. */
  addFault(rule: FaultRule): number;
  faults(): ActiveFault[];
  /** Removes one fault, or all. */
  clearFaults(id?: number): void;
  /** Copies of what the remote catalogue holds, oldest first. */
  catalogue(): { movies: MovieRecord[]; shows: ShowRecord[] };
  clearCatalogue(): void;
  /**
   * Changes, deletes or merges a film at TMDB; edits of one film add up, and the change feed names it. `{id}` alone only
   * puts it into the feed. @throws when malformed.
   */
  editFilm(edit: TitleEdit): void;
  filmEdits(): (EditedTitle & { id: number })[];
  clearFilmEdits(): void;
  /** The same for series. */
  editSeries(edit: TitleEdit): void;
  seriesEdits(): (EditedTitle & { id: number })[];
  clearSeriesEdits(): void;
  settings(): Settings;
  /** Changes some settings; a new rate limit begins with an empty window. @throws when malformed. */
  configure(changes: Partial<Settings>): Settings;
};

const titleEditsBodySchema = z.union([titleEditSchema, z.array(titleEditSchema)]);
const faultsBodySchema = z.union([faultRuleSchema, z.array(faultRuleSchema)]);

function steer(request: SandboxRequest, control: SandboxControl): Answer {
  const body = (): unknown => JSON.parse(request.body === "" ? "{}" : request.body);
  switch (`${request.method} ${request.path}`) {
    case "GET /requests":
      return json(200, {
        requests: control.requests(serviceSchema.optional().parse(request.query.get("service") ?? undefined)),
      });
    case "DELETE /requests":
      control.clearRequests();
      return json(200, { requests: [] });
    case "GET /faults":
      return json(200, { faults: control.faults() });
    case "POST /faults": {
      const ids = [faultsBodySchema.parse(body())].flat().map((rule) => control.addFault(rule));
      return json(201, { ids });
    }
    case "DELETE /faults":
      control.clearFaults(
        z.coerce
          .number()
          .optional()
          .parse(request.query.get("id") ?? undefined),
      );
      return json(200, { faults: control.faults() });
    case "GET /catalogue":
      return json(200, control.catalogue());
    case "DELETE /catalogue":
      control.clearCatalogue();
      return json(200, control.catalogue());
    case "GET /films":
      return json(200, { films: control.filmEdits() });
    case "POST /films":
      for (const edit of [titleEditsBodySchema.parse(body())].flat()) control.editFilm(edit);
      return json(200, { films: control.filmEdits() });
    case "DELETE /films":
      control.clearFilmEdits();
      return json(200, { films: [] });
    case "GET /series":
      return json(200, { series: control.seriesEdits() });
    case "POST /series":
      for (const edit of [titleEditsBodySchema.parse(body())].flat()) control.editSeries(edit);
      return json(200, { series: control.seriesEdits() });
    case "DELETE /series":
      control.clearSeriesEdits();
      return json(200, { series: [] });
    case "GET /settings":
      return json(200, control.settings());
    case "POST /settings":
      return json(200, control.configure(settingsSchema.partial().parse(body())));
    default:
      return json(404, { error: `The sandbox has no ${request.method} /__sandbox${request.path}` });
  }
}

/** Answers `/__sandbox/…`; what cannot be understood is 400 with the reason. */
export function answerControl(request: SandboxRequest, control: SandboxControl): Answer {
  try {
    return steer(request, control);
  } catch (error) {
    if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
    if (error instanceof SyntaxError) return json(400, { error: error.message });
    throw error;
  }
}
