import type { Box } from "./box";
import { type Deed, isUnsent } from "./deed";
import { isDraft } from "./drafts";

/** Days that what was sent stays to be looked at. */
const shownDays = 7;

/** Whether the server has everything of a deed, and nobody needs the pictures here to do it again. */
function isDelivered(deed: Deed): boolean {
  return !isUnsent(deed) && (deed.answer?.outcome !== "refused" || deed.undone === true);
}

/** Hashes of the pictures that must stay: of what is begun, not delivered, or refused. */
async function needed(box: Box): Promise<Set<string>> {
  const deeds = (await box.deeds()).filter((deed) => !isDelivered(deed));
  const drafts = await Promise.all((await box.draftKeys()).map((key) => box.draft(key)));
  return new Set(
    [...deeds, ...drafts.filter(isDraft)].flatMap(({ photos }) =>
      photos.map(({ sha256 }) => sha256),
    ),
  );
}

/** Drops pictures that the server has (清理已送达照片), or that belong to nothing any more; returns how many. */
export async function dropDelivered(box: Box): Promise<number> {
  const keep = await needed(box);
  const gone = (await box.fileKeys()).filter((sha256) => !keep.has(sha256));
  for (const sha256 of gone) await box.dropFile(sha256);
  return gone.length;
}

/** Forgets deeds that were delivered more than a week ago; `now` by the phone's clock. */
export async function forgetOld(box: Box, now: number): Promise<void> {
  const old = ({ savedAt }: Deed) => now - Date.parse(savedAt) > shownDays * 86_400_000;
  for (const deed of (await box.deeds()).filter((each) => isDelivered(each) && old(each)))
    await box.change(deed.id, (each) => (isDelivered(each) ? undefined : each));
}
