/** The font of what is painted on the map. */
export const mapFont = '"Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
