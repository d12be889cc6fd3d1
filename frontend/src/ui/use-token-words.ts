import type { Choice, Token } from "../domain/types";
import { useWords } from "../store/use-store";

const kinds = {
  wall: "tokens.kind_wall",
  api: "tokens.kind_api",
  device: "tokens.kind_device",
} as const;

/** What is said of a token; `units` are those known by name. */
export function useTokenWords(units: () => readonly Choice[]) {
  const { t, text } = useWords();

  function unitOf({ unit }: Token): string {
    return text(units().find(({ code }) => code === unit)?.name) || unit || "";
  }

  /** What it shows or may do. */
  function reach(token: Token): string {
    const { kind, may_change } = token;
    if (kind === "wall") return unitOf(token) || t("tokens.whole");
    const does = kind === "api" && t(may_change ? "tokens.changes" : "tokens.reads");
    return [unitOf(token) || t("tokens.own"), does].filter(Boolean).join(" · ");
  }

  return {
    reach,
    kindOf: ({ kind }: Token) => t(kinds[kind]),
    addresses: ({ networks }: Token) =>
      networks.length ? t("tokens.from", { addresses: networks.join("、") }) : "",
    ends: ({ expires_at }: Token) =>
      expires_at ? t("tokens.expires", { day: expires_at.slice(0, 10) }) : t("tokens.forever"),
    used({ used_at, used_from = "" }: Token): string {
      if (!used_at) return t("tokens.unused");
      const time = new Date(used_at)
        .toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" })
        .slice(0, 16);
      return t("tokens.used", { time, address: used_from });
    },
    /** Why it is no good any more; empty while it is. */
    over: ({ state }: Token) =>
      state === "in_force"
        ? ""
        : t(state === "revoked" ? "tokens.state_revoked" : "tokens.state_expired"),
  };
}
