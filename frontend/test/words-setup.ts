// Tests speak both languages.
import { readWords } from "../src/domain/words";

await readWords("en");
