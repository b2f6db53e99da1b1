// Draws the chart of the Today page from the points that stand in the page, and again when they are renewed.
"use strict";

(() => {
  const source = document.getElementById("chart-source");
  const place = document.getElementById("chart");
  if (!source || !place || typeof uPlot === "undefined") return;
  const COLOURS = ["--accent", "--calm", "--bad"];
  const HEIGHT = 220;
  let chart = null;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const points = () => JSON.parse(source.firstElementChild.dataset.points);

  function options() {
    const names = source.firstElementChild.dataset.names.split("|");
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 } };
    const curves = names.map((label, index) => ({ label, stroke: colour(COLOURS[index]), width: 2, points: { show: false } }));
    return {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { live: false },
      cursor: { show: false },
      scales: { y: { range: (_chart, _least, most) => [0, Math.max(5, most)] } },
      axes: [axis, axis],
      series: [{}, ...curves],
    };
  }

  function draw() {
    if (chart) chart.destroy();
    chart = new uPlot(options(), points(), place);
  }

  place.hidden = false;
  draw();
  new MutationObserver(() => chart.setData(points())).observe(source, { childList: true });
  window.addEventListener("resize", () => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
