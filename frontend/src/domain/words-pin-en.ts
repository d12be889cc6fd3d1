import type { pinZh } from "./words-pin-zh";

/** Words of the PIN of an enrolled phone in English. */
export const pinEn: Record<keyof typeof pinZh, string> = {
  "pin.new": "Choose a PIN of 6 digits",
  "pin.again": "Enter it again",
  "pin.what_for": "Asked when this page opens, and after a while away",
  "pin.enrolling": "With it this phone is enrolled",
  "pin.enter": "Enter your PIN",
  "pin.old": "Enter your present PIN",
  "pin.entered": "{n} of {all} digits entered",
  "pin.erase": "Erase",
  "pin.looking": "Checking",
  "pin.trivial": "Too easy to guess: choose another",
  "pin.differs": "The two differ: begin again",
  "pin.wrong": "Not the PIN; tries left: {n}",
  "pin.spent":
    "A wrong PIN 5 times: signed out, the list is off this phone, what was not sent is still here. Enrol anew by QR code, or sign in.",
  "pin.forgotten": "Forgotten",
  "pin.forgotten_means":
    "You are signed out and enrol anew by the QR code on a desk. The list leaves this phone; what was not sent stays on it and goes out when you are back.",
  "pin.enrol_anew":
    "Signed out. Make a QR code on a desk (tokens and devices) to enrol anew, or sign in.",
  "pin.gone":
    "The browser cleared this phone's PIN, which ends its enrolment. Enrol anew by QR code, or sign in.",
  "pin.not_here":
    "This browser cannot keep a PIN, so the phone cannot be enrolled. Use another browser, or sign in.",
  "pin.untold": "The server has not heard of the sign-out yet: connect, then sign in",
  "pin.back": "Back",
  "pin.change": "Change PIN",
  "pin.changed": "The PIN is changed",
  "pin.idle": "Ask for the PIN when nothing was touched for",
  "pin.minutes": "{n} min",
};
