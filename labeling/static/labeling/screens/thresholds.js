// The threshold simulator: every stop of the slide came with the page, so it moves without asking the server.

import { icon } from "../../countersign/icon.js";

const SVG = "http://www.w3.org/2000/svg";
const AREA = { left: 44, right: 1250, top: 12, bottom: 212 };
const FIRST = 0.95;

const source = document.getElementById("curve");

class Simulator {
  constructor(root, curve) {
    Object.assign(this, { root, curve });
    this.slide = root.querySelector("[data-slide]");
    const start = curve.stops.findIndex(({ wanted }) => wanted >= FIRST);
    this.slide.value = String(start < 0 ? curve.stops.length - 1 : start);
    this.slide.addEventListener("input", () => this.show());
    this.#text("[data-lowest]", share(curve.stops[0].wanted));
    this.#text("[data-highest]", share(curve.stops.at(-1).wanted));
    this.#text("[data-audit]", auditSentence(curve.audit));
    const best = curve.certifiable;
    this.#text("[data-highest-certified]", best === null ? "No precision on this slide is certifiable today." : `The highest certifiable today is ${share(best)}.`);
    this.#draw();
    this.show();
  }

  #text(selector, text) {
    this.root.querySelector(selector).textContent = text;
  }

  show() {
    const stop = this.curve.stops[Number(this.slide.value)];
    this.#text("[data-wanted]", share(stop.wanted));
    this.slide.setAttribute("aria-valuetext", share(stop.wanted));
    this.#showMeasured(stop.measured);
    this.#showCertified(stop.certified);
    const x = this.#x(Number(this.slide.value));
    this.here.setAttribute("x1", x);
    this.here.setAttribute("x2", x);
  }

  #showMeasured(point) {
    const { seconds, timed, per } = this.curve;
    this.root.querySelector("[data-measured]").hidden = !point;
    this.root.querySelector("[data-none]").hidden = Boolean(point);
    if (!point) return;
    const facts = {
      coverage: share(point.coverage),
      threshold: `from the score ${point.threshold.toFixed(3)} on; ${share(point.precision)} of them right`,
      values: number(point.wrong_values, 1),
      dollars: `$${number(Number(point.dollars), 0)}`,
      hours: seconds === null ? "not enough data" : `${number((per * (1 - point.coverage) * seconds) / 3600, 1)} h`,
      pace: seconds === null ? `${timed} of 20 reviews timed` : `for 1,000 documents, ${Math.round(seconds)} s each`,
    };
    for (const [name, text] of Object.entries(facts)) this.#text(`[data-fact="${name}"]`, text);
  }

  #showCertified(outcome) {
    const chip = document.createElement("span");
    chip.className = `chip chip--${outcome.certified ? "confirmed" : "confirm"}`;
    chip.append(icon(outcome.certified ? "confirmed" : "warning"), outcome.certified ? "Certified" : "Not certifiable");
    this.root.querySelector("[data-chip]").replaceChildren(chip);
    this.#text("[data-certified]", outcome.certified ? certificate(outcome) : outcome.message);
  }

  #x(index) {
    return AREA.left + ((AREA.right - AREA.left) * index) / (this.curve.stops.length - 1);
  }

  #y(coverage) {
    return AREA.bottom - (AREA.bottom - AREA.top) * coverage;
  }

  #draw() {
    const chart = this.root.querySelector("[data-chart]");
    const { stops } = this.curve;
    for (const level of [0, 0.25, 0.5, 0.75, 1]) {
      chart.append(line("simulator__grid", AREA.left, this.#y(level), AREA.right, this.#y(level)));
      chart.append(label(AREA.left - 6, this.#y(level) + 4, `${level * 100} %`, "end"));
    }
    stops.forEach(({ wanted }, index) => {
      if ([0.8, 0.85, 0.9, 0.95, 0.99].includes(wanted) || index === stops.length - 1) chart.append(label(this.#x(index), AREA.bottom + 18, share(wanted), "middle"));
    });
    chart.append(this.#curve("simulator__measured", stops.map((stop) => stop.measured?.coverage ?? 0)));
    chart.append(this.#curve("simulator__certified", stops.map((stop) => stop.certified.point?.coverage ?? 0)));
    this.here = line("simulator__here", 0, AREA.top, 0, AREA.bottom);
    chart.append(this.here);
  }

  #curve(name, values) {
    const element = document.createElementNS(SVG, "polyline");
    element.setAttribute("class", name);
    element.setAttribute("points", values.map((value, index) => `${this.#x(index)},${this.#y(value)}`).join(" "));
    return element;
  }
}

function line(name, x1, y1, x2, y2) {
  const element = document.createElementNS(SVG, "line");
  Object.entries({ class: name, x1, y1, x2, y2 }).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function label(x, y, text, anchor) {
  const element = document.createElementNS(SVG, "text");
  Object.entries({ x, y, "text-anchor": anchor }).forEach(([key, value]) => element.setAttribute(key, value));
  element.textContent = text;
  return element;
}

function share(value) {
  return `${(100 * value).toLocaleString("en-US", { maximumFractionDigits: 2 })} %`;
}

function number(value, digits) {
  return value.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function certificate({ precision, confidence, threshold, count, accepted, bound, point }) {
  const found = `${share(precision)} is certified at ${share(confidence)} confidence from the score ${threshold.toFixed(3)} on`;
  const accepts = `it accepts ${accepted} of ${count} documents (${share(accepted / count)}), of which at least ${share(bound)} are right for certain`;
  return `${found}: ${accepts}. Expect ${number(point.wrong_values, 1)} wrong values and $${number(Number(point.dollars), 0)} on wrong documents in 1,000.`;
}

function auditSentence(audit) {
  if (!audit) return "Not enough data: no accepted document has been audited yet.";
  const between = `the true share lies between ${share(audit.low)} and ${share(audit.high)} (95 % interval)`;
  return `${audit.wrong} of ${audit.count} audited documents were wrong: ${between}.`;
}

if (source) new Simulator(document.querySelector("[data-simulator]"), JSON.parse(source.textContent));
