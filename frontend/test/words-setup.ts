// The tests read both languages; the page reads the second one when it is chosen.
import { loadWords } from "../src/domain/words";

await loadWords("en");
