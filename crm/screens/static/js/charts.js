// <div data-chart='{"kind": "bars" | "columns", "names", "values", "unit"}' data-library="…">: a chart (ECharts) of numbers that a table
// beside it says too, so the chart is for eyes only. Its colours are the page's own.
import { fresh } from "./find.js";
import { libraries } from "./lib.js";

const BAR = 26;
const charts = new Set();

export function attachCharts(root) {
  for (const box of fresh(root, "[data-chart]", "Chart")) draw(box, JSON.parse(box.dataset.chart));
}

window.addEventListener("resize", () => charts.forEach((chart) => (chart.getDom().isConnected ? chart.resize() : charts.delete(chart))));

async function draw(box, data) {
  await libraries([box.dataset.library]);
  if (data.kind === "bars") box.style.height = `${Math.max(3, data.names.length) * BAR + 24}px`;
  const chart = window.echarts.init(box);
  charts.add(chart);
  chart.setOption(data.kind === "bars" ? bars(data) : columns(data));
}

function shared({ unit }) {
  const page = getComputedStyle(document.body);
  return {
    animation: false,
    color: [page.getPropertyValue("--accent").trim()],
    textStyle: { fontFamily: page.fontFamily, color: page.color },
    tooltip: { renderMode: "richText", valueFormatter: (value) => `${new Intl.NumberFormat(document.documentElement.lang).format(value)} ${unit}` },
  };
}

function bars(data) {
  return {
    ...shared(data),
    grid: { left: 4, right: 32, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#e2e7e7" } }, axisLabel: { show: false } },
    yAxis: { type: "category", inverse: true, data: data.names, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { width: 150, overflow: "truncate" } },
    series: [{ type: "bar", data: data.values, barMaxWidth: 16, itemStyle: { borderRadius: [0, 3, 3, 0] }, label: { show: true, position: "right" } }],
  };
}

function columns(data) {
  return {
    ...shared(data),
    grid: { left: 4, right: 8, top: 20, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: data.names, axisTick: { show: false }, axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#e2e7e7" } } },
    series: [{ type: "bar", data: data.values, barMaxWidth: 36, itemStyle: { borderRadius: [3, 3, 0, 0] } }],
  };
}
