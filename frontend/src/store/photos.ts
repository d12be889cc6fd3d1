import { watch } from "vue";
import type { Api } from "../api/client";
import { kept } from "./kept";
import type { PhotoDesk } from "./photo-desk";
import type { Session } from "./session";
import type { Settings } from "./settings";

/** Opens the desk of photos when somebody wants it, or when an earlier page left some unsent. */
export function createPhotos(
  api: Pick<Api, "change" | "photos">,
  settings: Settings,
  session: Session,
  changed: (caseId: number, revision: number) => void,
) {
  const waiting = kept(settings.keeper, "guatu.photos", 0, (n): n is number => Number.isInteger(n));
  let opening: Promise<PhotoDesk> | undefined;

  function photoDesk(): Promise<PhotoDesk> {
    opening ??= import("./photo-desk").then(({ openPhotoDesk }) =>
      openPhotoDesk({
        ...{ api, changed, device: settings.device, count: waiting.write },
        person: () => session.person.value?.id,
      }),
    );
    return opening;
  }

  watch(session.ready, async (ready) => {
    if (ready && (opening || waiting.read() > 0)) await (await photoDesk()).queue.restore();
  });
  return { photoDesk };
}
