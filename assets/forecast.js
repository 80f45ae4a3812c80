// Forecasts: a plan's inputs as sliders, and what followed the weeks that were
// most alike. The sums of lib/forecast/knn.c, in the same order, so that page
// and command line say the same; without this the page has its typical plans.
(() => {
"use strict";
const WEEK = 604800, MOST = 1e100, FAR = 1e9, zone = document.documentElement.dataset.zone;
const make = (tag, props, ...inside) => {
	const e = Object.assign(document.createElement(tag), props);
	e.append(...inside);
	return e;
};

// Numbers as lib/chart/unit.c and base/clock.c write them.
const two = n => String(n).padStart(2, "0");
const signed = (v, text) => (v < 0 && /[1-9]/.test(text) ? "−" : "") + text;
const fixed = (v, decimals) => {
	const [whole, part] = Math.abs(v).toFixed(decimals).split(".");
	return signed(v, whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : ""));
};
const span = v => {
	const s = Math.floor(Math.abs(v) + 0.5);
	return (v < 0 ? "−" : "") + (s < 60 ? s + " s" : s < 3600 ? Math.floor(s / 60) + " min" :
		s < 86400 ? Math.floor(s / 3600) + " h " + two(Math.floor(s % 3600 / 60)) : Math.floor(s / 86400) + " d");
};
const clock = v => {
	const s = Math.floor(Math.abs(v) * 60 + 0.5);
	return signed(v, (s >= 3600 ? Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) : String(Math.floor(s / 60))) + ":" + two(s % 60));
};
const words = (look, v) => {
	if (look.form === "span") return span(v);
	const text = look.form === "clock" ? clock(v / look.divisor) : fixed(v / look.divisor, look.decimals);
	return text + (look.suffix && " " + look.suffix);
};
const weeks = n => n === 1 ? "1 week" : n + " weeks";

const standard = (column, v) => column.constant ? 0 : Math.min(FAR, Math.max(-FAR, (v - column.mean) / column.sd));
const predict = (m, t, plan) => {
	const d = m.columns.length, n = m.inputs.length / d, z = plan.map((v, j) => standard(m.columns[j], v)), near = [];
	for (let i = 0; i < n; i++) {
		const value = m.values[i * m.targets.length + t];
		if (value === null || Math.abs(value) > MOST) continue;
		let sum = 0;
		for (let j = 0; j < d; j++) {
			const by = z[j] - standard(m.columns[j], m.inputs[i * d + j]);
			sum += by * by;
		}
		near.push({far: Math.sqrt(sum), i, value});
	}
	near.sort((a, b) => a.far - b.far || b.i - a.i);
	let sum = 0, weights = 0;
	for (const p of near.slice(0, m.targets[t].k)) {
		const w = 1 / (p.far + m.eps);
		sum += w * p.value;
		weights += w;
	}
	return sum / weights;
};
const after = (target, change, n) => {
	const mean = target.level + n * change, growth = n > 0 ? target.growth[n - 1] : 0;
	return {mean, low: mean + growth * target.low, high: mean + growth * target.high};
};
const answer = (target, change, n) => {
	const o = after(target, change, n);
	return `${target.name}${target.summed ? " summed up" : ""} in ${weeks(n)}: ${words(target, o.mean)}, between ${words(target, o.low)} and ${words(target, o.high)}`;
};
const outside = (m, plan) => {
	const said = m.columns.flatMap((c, j) => c.constant || plan[j] >= c.least && plan[j] <= c.most ? [] :
		[`${c.name} never ${plan[j] > c.most ? "above" : "below"} ${words(c, plan[j] > c.most ? c.most : c.least)}`]);
	return said.length ? `The plan is outside of what was seen (${said.join(", ")}): the answer is that of the weeks that come nearest.` : "";
};

// The chart anew, in the picture that is there.
const put = (svg, tag, props, text) => {
	const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const k in props) e.setAttribute(k, props[k]);
	if (text !== undefined) e.textContent = text;
	svg.append(e);
	return e;
};
const path = points => points.map(p => p.map(v => Math.round(v * 10))).reduce((d, p, i, all) =>
	d + (i === 0 ? `M${p[0]} ${p[1]}` : `${i === 1 ? "l" : " "}${p[0] - all[i - 1][0]} ${p[1] - all[i - 1][1]}`), "");
const steps = (lo, hi) => {
	const rough = (hi - lo) / 4, power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map(n => n * power).find(s => s >= rough), all = [];
	for (let v = Math.ceil(lo / step - 1e-9) * step; v <= hi + step * 1e-9; v += step) all.push(v);
	return {all, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9))};
};
const day = (() => {
	const how = {day: "numeric", month: "short"};
	try { return new Intl.DateTimeFormat("en-GB", {timeZone: zone, ...how}); } catch (e) { return new Intl.DateTimeFormat("en-GB", {timeZone: "UTC", ...how}); }
})();
const draw = (svg, m, change, n) => {
	const t = m.targets[0], [, , w, h] = svg.getAttribute("viewBox").split(" ").map(Number), end = m.now + n * WEEK;
	const past = t.past.filter(p => p[0] >= m.now - n * WEEK), ahead = [...Array(n + 1).keys()].map(i => ({ts: m.now + i * WEEK, ...after(t, change, i)}));
	const all = [t.level, ...past.map(p => p[1]), ...ahead.flatMap(o => [o.low, o.high])];
	let lo = Math.min(...all), hi = Math.max(...all);
	const room = Math.max((hi - lo) * 1.1, Math.abs(t.level) / 20, 1e-9), mid = (lo + hi) / 2;
	lo = mid - room / 2; hi = mid + room / 2;
	const ticks = steps(lo / t.divisor, hi / t.divisor), write = v => t.form === "plain" ? fixed(v, ticks.decimals) : words(t, v * t.divisor);
	const left = 8 + 6.5 * Math.max(...ticks.all.map(v => write(v).length)), right = w - Math.min(110, w * 0.3), y0 = h - 20, y1 = 9, t0 = past.length ? past[0][0] : m.now;
	const x = ts => left + (right - left) * (ts - t0) / (end - t0), y = v => y0 - (y0 - y1) * (v - lo) / (hi - lo);
	const line = (d, ink, props) => put(svg, "path", {transform: "scale(.1)", d, stroke: `var(${ink})`, "stroke-width": 16, ...props});
	svg.replaceChildren();
	ticks.all.forEach((v, i) => {
		const at = Math.floor(y(v * t.divisor)) + 0.5;
		put(svg, "text", {x: left - 8, y: at + 4, fill: "var(--soft)", "text-anchor": "end"}, write(v));
		line(path([[left, at], [right, at]]), "--hair", {"stroke-width": 10});
		if (i === ticks.all.length - 1 && t.form === "plain")
			put(svg, "text", {x: left - 4, y: at + 4, fill: "var(--soft)", stroke: "var(--paper)", "stroke-width": 3, "paint-order": "stroke"}, t.suffix);
	});
	line(path([[left, y0 + 0.5], [right, y0 + 0.5]]), "--rule", {"stroke-width": 10});
	const times = w < 500 ? [t0, end] : past.length ? [t0, m.now, (m.now + end) / 2, end] : [m.now, (m.now + end) / 2, end];
	for (const ts of times)
		put(svg, "text", {x: x(ts), y: y0 + 16, fill: "var(--soft)", "text-anchor": ts === t0 ? "start" : "middle"}, ts === m.now ? "now" : day.format(ts * 1000));
	line(path([...ahead.map(o => [x(o.ts), y(o.high)]), ...ahead.slice().reverse().map(o => [x(o.ts), y(o.low)])]) + "z", "--s1", {stroke: "none", fill: "var(--s1)", opacity: 0.16, class: "area"});
	if (past.length > 1)
		line(path(past.map(p => [x(p[0]), y(p[1])])), "--s5", {class: "line", "data-name": t.name});
	line(path([[x(m.now), y(t.level)], [right, y(t.level)]]), "--s5", {class: "line", "data-name": "no change", "stroke-dasharray": "50 40"});
	line(path(ahead.map(o => [x(o.ts), y(o.mean)])), "--s1", {class: "line", "data-name": "plan", "stroke-width": 22});
	const last = ahead[n].mean, by = Math.max(0, 13 - Math.abs(y(last) - y(t.level))) / 2, sign = last > t.level ? -1 : 1;
	for (const [name, v, ink, at] of [["no change", t.level, "--s5", -sign], ["plan", last, "--s1", sign]])
		put(svg, "text", {x: right + 6, y: y(v) + at * by + 4, fill: `var(${ink})`, "font-weight": 600}, `${name} ${t.form === "plain" ? fixed(v / t.divisor, t.decimals) : words(t, v)}`);
	Object.assign(svg.dataset, {x0: left, x1: right, y0, y1, t0, t1: end, v0: lo, v1: hi});
	svg.setAttribute("aria-label", `${answer(t, change, n)}; no change ${words(t, t.level)}`);
};

const slider = (name, low, high, step, value, text, changed) => {
	const shown = make("output", {textContent: text(value)}), input = make("input", {type: "range", min: low, max: high, step});
	input.value = value;
	input.setAttribute("aria-valuetext", text(value));
	input.setAttribute("aria-label", name);
	input.addEventListener("input", () => {
		shown.textContent = text(+input.value);
		input.setAttribute("aria-valuetext", shown.textContent);
		changed(+input.value);
	});
	return make("label", {}, make("span", {textContent: name + " "}), shown, input);
};
for (const box of document.querySelectorAll(".forecast[data-model^='{']")) {
	const m = JSON.parse(box.dataset.model), plan = m.plan.slice(), note = make("p", {className: "soft"});
	const answers = box.querySelector(".answers"), known = m.targets.map((t, i) => i).filter(i => m.targets[i].k > 0);
	const at = (j, round) => round(plan[j] / m.columns[j].step) * m.columns[j].step, told = outside(m, plan);
	let n = m.weeks;
	const show = () => {
		const changes = m.targets.map((t, i) => t.k > 0 ? predict(m, i, plan) : NaN);
		answers.replaceChildren(...known.map(i => make("p", {textContent: answer(m.targets[i], changes[i], n)})));
		note.textContent = outside(m, plan);
		for (const svg of box.querySelectorAll(".pic svg")) draw(svg, m, changes[0], n);
	};
	box.querySelector(".plan").append(make("h4", {textContent: "Each week"}),
		...m.columns.map((c, j) => slider(c.name, Math.min(c.low, at(j, Math.floor)), Math.max(c.high, at(j, Math.ceil)), c.step, plan[j], v => words(c, v), v => { plan[j] = v; show(); })),
		slider("looked ahead", 1, m.targets[0].growth.length, 1, n, weeks, v => { n = v; show(); }), note);
	for (const p of box.querySelectorAll(".good p"))
		if (told && p.textContent === told) note.textContent = (p.remove(), told);
}
})();
