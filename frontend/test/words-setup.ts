// What the page reads when it is wanted is there from the start in tests: no reading comes between.
import { readWords } from "../src/domain/words";

await Promise.all([readWords("zh"), readWords("en")]);
