// Draws the figures of the page from their JSON; where a figure leaves its colours to Plotly, they follow the page's.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const boxes = Array.from(document.querySelectorAll(".figure"));
  const config = { responsive: true, displaylogo: false, showLink: false, plotlyServerURL: "", topojsonURL: "" };

  function coloured(layout, isDark) {
    const result = JSON.parse(JSON.stringify(layout || {}));
    if (result.paper_bgcolor !== undefined || result.plot_bgcolor !== undefined || !isDark) return result;
    result.paper_bgcolor = result.plot_bgcolor = "rgba(0,0,0,0)";
    result.font = Object.assign({ color: "#c9d1dc" }, result.font);
    const axis = { gridcolor: "rgba(140,150,165,.25)", linecolor: "#667085", zerolinecolor: "rgba(140,150,165,.45)" };
    for (const name of Object.keys(result)) {
      if (/^[xy]axis\d*$/.test(name)) result[name] = Object.assign({}, axis, result[name]);
    }
    result.xaxis = Object.assign({}, axis, result.xaxis);
    result.yaxis = Object.assign({}, axis, result.yaxis);
    return result;
  }

  function draw(box, isDark, width) {
    const figure = JSON.parse(box.dataset.json);
    const layout = coloured(figure.layout, isDark);
    if (width) Object.assign(layout, { width: width, height: layout.height || 400, autosize: false });
    if (layout.height && !width) box.style.height = layout.height + "px";
    return window.Plotly.react(box, figure.data, layout, config);
  }

  function drawAll(isDark, width) {
    for (const box of boxes) {
      try {
        draw(box, isDark, width);
      } catch (error) {
        box.textContent = "This figure cannot be drawn here.";
      }
    }
  }

  boxes.forEach(function (box, number) {
    box.dataset.json = document.getElementById("figure-" + number).textContent;
  });
  drawAll(dark.matches);
  dark.addEventListener("change", function () { drawAll(dark.matches); });
  window.addEventListener("beforeprint", function () { drawAll(false, 660); });
  window.addEventListener("afterprint", function () { drawAll(dark.matches); });
})();
