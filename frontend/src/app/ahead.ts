// The first script of the page, a file of its own (ahead-script.ts): it runs before the others have come.
import { startPainter } from "../map/painter-start";
import { askAhead } from "./ask-ahead";

export const ahead = askAhead((...request) => fetch(...request), location, startPainter);
