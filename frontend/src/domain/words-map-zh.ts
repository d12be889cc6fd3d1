/** Words of the map's themes, layers and legend, in Chinese. */
export const mapZh = {
  "map.shared": "{label}等{n}家",
  "map.print": "打印地图（A3）",
  "map.north": "北",
  "map.elsewhere": "列入其他专项",
  "legend.mu": "{mu} 亩",
  "legend.by_lamp": "灯（责任主体）",
  "legend.by_class": "亩均评价（{year}年）",
  "legend.class": "{class} 类",
  "legend.unrated": "未评价",
  "legend.also_stages": "阶段：{what}",
  "legend.also_lamps": "灯：{what}",
  "legend.also_classes": "亩均评价：{what}",
  "legend.drop": "取消筛选 {what}",
  "legend.map": "图例（点击筛选）",

  "layers.title": "图层",
  "layers.shown": "显示的图层",
  "layers.base": "底图",

  "overview.title": "全区·按灯",
  "overview.label": "全区略图，点击移动地图",
  "overview.unit": "{name}，{lamp} {rate}%，移到该处",
  "overview.unit_plain": "{name}，移到该处",
} as const;
