import type { heldZh } from "./words-held-zh";

/** Words of what was done in the field and not entered (现场未入账), in English. */
export const heldEn: Record<keyof typeof heldZh, string> = {
  "held.title": "Not entered",
  "held.failed": "What was not entered could not be read: {why}",
  "held.hint":
    "What was done on phones and a rule refused is kept here. Whoever sends it again answers for it; author and photos stay, and it is sent once.",
  "held.none": "Nothing waits to be sent again",
  "held.read": "Read a phone's outbox file",
  "held.not_queue": "This is no outbox that a phone has saved",
  "held.file": "{n} not entered in the file, by {who}",
  "held.file_close": "Close the file",
  "held.from_file": "from a file",
  "held.when": "Time",
  "held.who": "Author",
  "held.what": "What",
  "held.why": "Why it was not entered",
  "held.photos": "Photos",
  "held.photo_waits": "still on the phone",
  "held.photo": "photo {n}",
  "held.undo": "taken back",
  "held.other": "another change",
  "held.received": "arrived {time}",
  "held.replay": "Send again",
  "held.dismiss": "Do not enter",
  "held.dismiss_reason": "Why it is not entered",
  "held.sent": "Sent again and entered",
  "held.contradicts": "Sent again; the town lead will compare it",
  "held.replayed": "sent again by {who}, {time}",
  "held.dismissed": "not entered, {who}, {time}: {why}",
  "held.settled": "{n} settled",
};
