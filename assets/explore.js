// The explorer: any series, any two dates, from static files (their format is
// in output/explore.h). The choice is kept in the address.
(() => {
"use strict";
const root = document.documentElement, main = document.getElementById("choice");
const every = +root.dataset.every || 60, MOST = 8, FOUND = 200;
const QUICK = {"6h": 6 * 3600, "24h": 86400, "7d": 7 * 86400, "30d": 30 * 86400, "1y": 365 * 86400, all: 0};
const now = () => Math.floor(Date.now() / 1000);
const put = (e, attributes, children) => {
	for (const k in attributes) if (attributes[k] !== null) e.setAttribute(k, attributes[k]);
	e.append(...children);
	return e;
};
const make = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) => put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Time in the zone of the page. "Wall" is what a clock there shows, counted
// as if it were UTC.
let zone = root.dataset.zone;
try { new Intl.DateTimeFormat("en", {timeZone: zone}); } catch (e) { zone = "UTC"; }
const parts = new Intl.DateTimeFormat("en-GB", {timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric",
	day: "numeric", hour: "numeric", minute: "numeric", second: "numeric"});
const toWall = t => {
	const p = {};
	for (const {type, value} of parts.formatToParts(t * 1000)) p[type] = +value;
	return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) / 1000;
};
const fromWall = w => {
	const early = w - (toWall(w - 86400) - (w - 86400)), late = w - (toWall(w + 86400) - (w + 86400));
	return toWall(early) === w ? early : toWall(late) === w ? late : Math.max(early, late);
};
const wallText = (w, options) => new Intl.DateTimeFormat("en-GB", {timeZone: "UTC", ...options}).format(w * 1000).replace("Sept", "Sep");
const dayOptions = {day: "numeric", month: "short"}, clockOptions = {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
const moment = (t, seconds) => wallText(toWall(t), {weekday: "short", year: "numeric", ...dayOptions, ...clockOptions,
	...seconds && {second: "2-digit"}});
const local = t => new Date(toWall(t) * 1000).toISOString().slice(0, 16);
const length = s => s < 60 ? s + " s" : s < 3600 ? s / 60 + " min" : s < 86400 ? s / 3600 + " h" : s > 86400 ? s / 86400 + " days" : "day";

// Values as in the printed charts: scaled by their unit, three digits.
const LADDERS = {
	bytes: [["B", 1], ["KB", 1024], ["MB", 1024 ** 2], ["GB", 1024 ** 3], ["TB", 1024 ** 4], ["PB", 1024 ** 5]],
	bits: [["bit", 1], ["kbit", 1e3], ["Mbit", 1e6], ["Gbit", 1e9], ["Tbit", 1e12]],
	seconds: [["µs", 1e-6], ["ms", 1e-3], ["s", 1], ["min", 60, 89.5], ["h", 3600, 5370], ["d", 86400, 172800]],
	count: [["", 1], ["M", 1e6, 999999.5], ["bn", 1e9], ["tn", 1e12]],
};
const WORDS = {percent: "%", celsius: "°C"};
const scale = (unit, largest) => {
	const milli = unit === "ms" || unit === "milliseconds", [, base, per] = /^(.*?)( ?per second|\/s)?$/.exec(unit);
	const name = milli ? "seconds" : base || "count", size = Math.abs(largest) / (milli ? 1000 : 1);
	if (unit === "m/s" || !Object.hasOwn(LADDERS, name))
		return {by: 1, unit: Object.hasOwn(WORDS, unit) ? WORDS[unit] : unit};
	const ladder = LADDERS[name];
	let rung = ladder[name === "seconds" && !size ? 2 : 0];
	for (let i = 1; i < ladder.length; i++)
		if (size >= (ladder[i][2] || ladder[i - 1][1] * 999.5)) rung = ladder[i];
	return {by: rung[1] * (milli ? 1000 : 1), unit: rung[0] + (per ? "/s" : "")};
};
const grouped = (v, decimals) => v.toLocaleString("en", {minimumFractionDigits: decimals, maximumFractionDigits: decimals}).replace("-", "−");
const digits = (v, unit) => {
	const size = Math.abs(v);
	if (unit === "%" && size >= .1) return grouped(v, Number.isInteger(v) ? 0 : 1);
	if (v && (size >= 1e12 || size < 1e-6)) return v.toExponential(2).replace("-", "−").replace("+", "");
	if (size >= 100 || Number.isInteger(v)) return grouped(v, 0);
	const whole = +v.toPrecision(3) === v;
	return v.toLocaleString("en", {minimumSignificantDigits: whole ? 1 : 3, maximumSignificantDigits: 3}).replace("-", "−");
};
const words = (v, unit) => {
	if (v === undefined) return "–";
	const s = scale(unit, v);
	return digits(v / s.by, s.unit) + (s.unit && " " + s.unit);
};

// Data: each file is a script that calls explore(key, data).
const have = new Map(), asked = new Map();
window.explore = (key, data) => have.set(key, data);
const load = (key, file, seconds) => {
	const turn = Math.floor(now() / seconds), before = asked.get(key);
	if (before && before.turn === turn) return before.promise;
	const promise = new Promise(done => {
		const s = make("script", {src: `data/explore/${file}.js?${turn}`});
		s.onload = s.onerror = () => { s.remove(); done(have.get(key)); };
		document.head.append(s);
	});
	asked.set(key, {turn, promise});
	return promise;
};
let all = [], byName = new Map();
const readIndex = async () => {
	const index = await load("index", "index", every);
	if (!index) return false;
	all = index.series.map(([i, metric, unit, each, last, id]) => {
		const [source, sourceId] = index.sources[i], name = source + "/" + metric;
		return {source, sourceId, metric, unit, every: each, last, id, name, low: name.toLowerCase()};
	});
	byName = new Map(all.map(s => [s.name, s]));
	return true;
};
const level = async (s, name) => {
	const key = s.id + "-" + name, l = await load(key, key, 600), out = [];
	if (!l || l.name !== s.name) return null;
	let t = 0;
	l.t.forEach((d, i) => {
		t += i ? d * (l.step || 1) : d;
		if (!l.step || t + l.step <= l.to)
			out.push([t, l.mean[i], (l.min || l.mean)[i], (l.max || l.mean)[i]]);
	});
	return {from: l.from, to: l.step ? l.to - l.to % l.step : l.to, step: l.step, points: out};
};
const newest = async s => {
	const key = s.sourceId + "-now", l = await load(key, key, every), out = [];
	const row = l && l.name === s.source && l.series.find(r => r[0] === s.metric);
	let t = 0;
	if (row)
		row[1].forEach((v, i) => {
			t += l.t[i];
			if (v !== null) out.push([t, ...Array.isArray(v) ? v : [v, v, v]]);
		});
	return {from: Infinity, to: Infinity, step: 0, points: out};
};
// The finest level that reaches back far enough, and behind its end those
// that are finer still, put into buckets as wide as its own.
const buckets = (points, step) => {
	const out = [];
	for (const [t, mean, min, max] of points) {
		const start = t - t % step, b = out[out.length - 1];
		if (b && b[0] === start) {
			b[1] += (mean - b[1]) / ++b.n;
			b[2] = Math.min(b[2], min);
			b[3] = Math.max(b[3], max);
		} else {
			out.push(Object.assign([start, mean, min, max], {n: 1}));
		}
	}
	return out;
};
const read = async (s, from, to) => {
	const names = ["day"], at = now();
	if (from < at - 86400) names.push("month");
	if (from < at - 31 * 86400) names.push("all");
	const levels = (await Promise.all([newest(s), ...names.map(n => level(s, n))])).filter(Boolean);
	let base = levels.findIndex(l => l.from <= from), edge = -Infinity, points = [];
	if (base < 0) base = levels.length - 1;
	const step = levels[base].step;
	for (const l of levels.slice(0, base + 1).reverse()) {
		for (const p of l.points) if (p[0] >= edge) points.push(p);
		edge = Math.max(edge, l.to);
	}
	const first = points.length ? points[0][0] : null;
	if (step) points = buckets(points, step);
	return {series: s, step, first, apart: 2.5 * Math.max(s.every, step),
		points: points.filter(p => p[0] + step > from && p[0] <= to)};
};

// What is chosen, in the address: #s=NAME&s=…&last=6h or &from=…&to=…
let choice = {names: [], last: "24h", from: 0, to: 0}, shown = [], view = [0, 1];
const readAddress = () => {
	const q = new URLSearchParams(location.hash.slice(1)), from = +q.get("from"), to = +q.get("to");
	const dates = from >= 0 && to > from && to < 253402300800;
	choice = {names: [...new Set(q.getAll("s"))].slice(0, MOST), from, to,
		last: dates ? "" : Object.hasOwn(QUICK, q.get("last")) ? q.get("last") : "24h"};
};
const writeAddress = () => {
	const q = new URLSearchParams(choice.names.map(n => ["s", n]));
	if (choice.last) q.set("last", choice.last);
	else { q.set("from", choice.from); q.set("to", choice.to); }
	history.pushState(null, "", "#" + q);
};
const change = what => { Object.assign(choice, what); writeAddress(); show(); };
const dates = (from, to) => {
	from = Math.max(0, Math.round(from));
	change({last: "", from, to: Math.max(from + 1, Math.round(to))});
};

// Controls
const [find, found, chosen, quick, since, until, wider, save, say, charts, legend, aloud] = ["find", "found", "chosen", "quick",
	"since", "until", "wider", "save", "say", "charts", "legend", "aloud"].map(id => document.getElementById(id));
const button = (text, what, attributes) => {
	const b = make("button", {type: "button", ...attributes}, text);
	b.onclick = what;
	return b;
};
for (const name in QUICK)
	quick.append(button(name, () => change({last: name}), {"data-last": name}));
const pickDates = () => {
	const [a, b] = [since, until].map(i => i.value ? fromWall(Date.parse(i.value + "Z") / 1000) : NaN);
	if (a >= 0 && b > a) dates(a, b);
	else tell("The second date must be after the first.");
};
since.onchange = until.onchange = pickDates;
wider.onclick = () => zoom(2);
save.onclick = () => download();
const tell = text => { say.textContent = text; say.hidden = !text; };

// Type-ahead
let active = -1;
const options = () => [...found.querySelectorAll("[role=option]")];
const toggle = name => {
	const has = choice.names.includes(name);
	if (!has && choice.names.length === MOST) {
		tell(`No more than ${MOST} series fit into one picture: remove one first.`);
		return;
	}
	change({names: has ? choice.names.filter(n => n !== name) : [...choice.names, name]});
};
const activate = i => {
	const list = options(), o = list[active = i];
	list.forEach(other => other.classList.toggle("active", other === o));
	find.setAttribute("aria-activedescendant", o ? o.id : "");
	if (o) o.scrollIntoView({block: "nearest"});
};
const fold = open => {
	found.hidden = !open;
	find.setAttribute("aria-expanded", open);
	if (!open) activate(-1);
};
const suggest = () => {
	const asks = find.value.toLowerCase().split(/\s+/).filter(Boolean), fit = all.filter(s => asks.every(a => s.low.includes(a)));
	let source = null;
	found.replaceChildren();
	for (const [i, s] of fit.slice(0, FOUND).entries()) {
		if (s.source !== source)
			found.append(make("li", {class: "source", role: "presentation"}, source = s.source));
		const old = now() - s.last > Math.max(2 * 86400, 3 * s.every);
		const o = make("li", {id: "o" + i, role: "option", "aria-label": s.name, "aria-selected": choice.names.includes(s.name)},
			make("span", {}, s.metric), make("small", {}, old && s.last ? "until " + wallText(toWall(s.last), {...dayOptions, year: "numeric"}) : s.unit));
		o.onclick = () => { toggle(s.name); find.focus(); };
		found.append(o);
	}
	if (!fit.length) found.append(make("li", {class: "source"}, "none of this name"));
	if (fit.length > FOUND) found.append(make("li", {class: "source"}, `and ${grouped(fit.length - FOUND, 0)} more: type on`));
	activate(-1);
};
find.oninput = find.onclick = () => { suggest(); fold(true); };
found.onpointerdown = e => e.preventDefault(); // the input keeps the focus
find.onblur = () => fold(false);
find.onkeydown = e => {
	if (e.key === "ArrowDown" || e.key === "ArrowUp") {
		if (found.hidden) { suggest(); fold(true); }
		const n = options().length;
		activate(e.key === "ArrowDown" ? (active + 1) % n : (Math.max(active, 0) + n - 1) % n);
	} else if (e.key === "Enter") {
		const list = options(), at = list.length === 1 ? 0 : active, o = list[at];
		if (o && !found.hidden) { o.click(); activate(at); }
	} else if (e.key === "Escape") {
		fold(false);
	} else if (e.key === "Backspace" && !find.value && choice.names.length) {
		toggle(choice.names[choice.names.length - 1]);
	} else {
		return;
	}
	e.preventDefault();
};

// Names as short as they can be told apart
const shortNames = list => {
	const same = f => list.every(s => f(s) === f(list[0]));
	return list.map(s => same(s => s.source) ? s.metric : same(s => s.metric) ? s.source : s.name);
};

// A scale from data to round numbers, as the printed charts have it.
const valueScale = (lo, hi, unit, most) => {
	const s = scale(unit, Math.max(Math.abs(lo), Math.abs(hi)));
	lo /= s.by; hi /= s.by;
	if (s.unit === "%" && lo >= 0 && hi <= 100) { lo = 0; hi = 100; }
	else if (lo > 0 && hi - lo > lo / 4 || lo === hi && lo > 0) lo = 0;
	else if (hi < 0 && hi - lo > -hi / 4) hi = 0;
	if (lo === hi) hi = lo + 1;
	const least = Math.max(Math.abs(lo), Math.abs(hi)) / 20;
	if (hi - lo < least) { const mid = (lo + hi) / 2; lo = mid - least / 2; hi = mid + least / 2; }
	const raw = (hi - lo) / most, power = 10 ** Math.floor(Math.log10(raw));
	const step = [1, 2, 2.5, 5, 10].find(m => m * power >= raw * .999) * power, ticks = [];
	lo = Math.floor(lo / step + 1e-9); hi = Math.ceil(hi / step - 1e-9);
	for (let i = lo; i <= hi; i++) ticks.push(i * step);
	const decimals = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0)));
	return {by: s.by, unit: s.unit, lo: lo * step, hi: hi * step, ticks, text: v => Math.abs(v) < step / 1e6 ? "0" : grouped(v, decimals)};
};

// Ticks at local boundaries: [instant, words, strong]
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
const timeTicks = (from, to, most) => {
	const step = STEPS.find(s => (to - from) / s <= most), a = toWall(from), b = toWall(to), out = [], walls = [];
	if (step) {
		const shift = step === 604800 ? 4 * 86400 : 0; // a Monday
		for (let w = Math.ceil((a - shift) / step) * step + shift; w <= b; w += step) walls.push(w);
	} else {
		const months = [1, 2, 3, 6, 12, 24, 60, 120].find(m => (to - from) / 2629746 / m <= most) || 240;
		const d = new Date(a * 1000), begin = Math.floor((d.getUTCFullYear() * 12 + d.getUTCMonth()) / months) * months;
		for (let m = begin, w; (w = Date.UTC(Math.floor(m / 12), m % 12) / 1000) <= b; m += months) if (w >= a) walls.push(w);
	}
	for (const w of walls) {
		const t = fromWall(w), midnight = w % 86400 === 0, year = midnight && wallText(w, {month: "numeric", day: "numeric"}) === "01/01";
		if (toWall(t) !== w || t < from || t > to || out.length && t <= out[out.length - 1][0]) continue;
		const text = !step ? year ? wallText(w, {year: "numeric"}) : wallText(w, {month: "short"}) :
			midnight ? wallText(w, dayOptions) : wallText(w, {...clockOptions, ...step < 60 && {second: "2-digit"}});
		out.push([t, text, step < 86400 ? midnight : year]);
	}
	return out;
};

// One chart for each unit, all of one shape. Lengths are fourteenths of the
// page's font size.
let size = 1, box = {};
const round = v => Math.round(v * 10) / 10;
const X = t => round(box.x0 + Math.max(0, Math.min(1, (t - view[0]) / (view[1] - view[0]))) * (box.x1 - box.x0));
const timeAt = x => view[0] + (x - box.x0) / (box.x1 - box.x0) * (view[1] - view[0]);
const text = (x, y, what, cls) => draw("text", {x, y: round(y), class: cls}, what);
const line = (d, cls) => draw("path", {d, class: cls});
const measure = unit => {
	const list = shown.filter(d => d.series.unit === unit);
	let lo = Infinity, hi = -Infinity;
	for (const d of list)
		for (const p of d.points) { lo = Math.min(lo, p[2]); hi = Math.max(hi, p[3]); }
	const y = lo <= hi ? valueScale(lo, hi, unit, box.high > 250 ? 5 : 4) : valueScale(0, 0, unit, 1);
	const ends = list.filter(d => d.points.length).map(d => {
		const v = d.points[d.points.length - 1][1], tail = " " + digits(v / y.by, y.unit), room = 30 - tail.length;
		return {d, v, text: (d.short.length > room ? d.short.slice(0, room - 1) + "…" : d.short) + tail};
	});
	return {list, y, ends, texts: y.ticks.map(y.text), at: v => round(box.y0 + (v / y.by - y.lo) / (y.hi - y.lo) * (box.y1 - box.y0))};
};
const drawAxes = c => {
	c.y.ticks.forEach((v, i) => {
		const y = c.at(v * c.y.by);
		c.svg.append(line(`M${box.x0} ${y}H${box.x1}`, i ? "thin" : "rule"), text(box.x0 - 8, y + 4, c.texts[i], "amount"));
	});
	c.svg.append(text(box.x0 - 4, box.y1 + 4, c.y.unit, "unit"));
	for (const [t, what, strong] of timeTicks(...view, (box.x1 - box.x0) / 62)) {
		const x = X(t), half = what.length * 3;
		c.svg.append(line(`M${x} ${box.y0}v4`, "rule"));
		if (strong) c.svg.append(line(`M${x} ${box.y0}V${box.y1}`, "thin"));
		if (x > half && x < box.wide - half) c.svg.append(text(x, box.y0 + 16, what, strong ? "tick strong" : "tick"));
	}
};
const drawSeries = (c, d) => {
	const runs = [], at = (p, i) => X(p[0] + d.step / 2) + " " + c.at(p[i]);
	d.points.forEach((p, i) => {
		if (!i || p[0] - d.points[i - 1][0] > d.apart) runs.push([]);
		runs[runs.length - 1].push(p);
	});
	if (d.step)
		c.svg.append(line(runs.map(r => "M" + [...r.map(p => at(p, 3)), ...r.map(p => at(p, 2)).reverse()].join("L") + "z").join(""), "band c" + d.colour));
	c.svg.append(line(runs.map(r => "M" + r.map(p => at(p, 1)).join("L") + (r[1] ? "" : "h.01")).join(""), "line c" + d.colour));
};
const chart = unit => {
	const c = measure(unit), step = Math.max(...c.list.map(d => d.step)), names = c.list.map(d => d.short).join(", ");
	return Object.assign(c, {title: make("h3", {}, make("span", {class: "name"}, names),
		make("small", {}, step ? `mean of each ${length(step)}, shaded from least to greatest` : "as sampled")), names});
};
const finish = c => {
	c.svg = draw("svg", {viewBox: `0 0 ${box.wide} ${box.high}`, class: "chart", tabindex: 0, role: "img",
		"aria-label": `${c.names}, ${moment(view[0])} to ${moment(view[1])}`});
	c.pic = make("div", {class: "pic"}, c.svg);
	drawAxes(c);
	for (const d of c.list) drawSeries(c, d);
	if (!box.named) return;
	const labels = c.ends.map(e => ({e, y: c.at(e.v)})).sort((a, b) => a.y - b.y);
	labels.forEach((l, i) => { if (i) l.y = Math.max(l.y, labels[i - 1].y + 14); });
	labels.reverse().forEach((l, i) => { l.y = Math.min(l.y, i ? labels[i - 1].y - 14 : box.y0); });
	for (const {e, y} of labels) c.svg.append(text(box.x1 + 9, y + 4, e.text, "end c" + e.d.colour));
};
// The crosshair, on all charts at once
let pictures = [], pointed = null;
const nearest = (d, t) => {
	const p = d.points, mid = d.step / 2;
	let lo = 0, hi = p.length - 1;
	if (hi < 0) return undefined;
	while (lo < hi) {
		const m = (lo + hi) >> 1;
		if (p[m][0] + mid < t) lo = m + 1; else hi = m;
	}
	if (lo && t - p[lo - 1][0] - mid < p[lo][0] + mid - t) lo--;
	return Math.abs(p[lo][0] + mid - t) <= d.apart / 2 ? p[lo] : undefined;
};
const hide = () => { pointed = null; for (const e of main.querySelectorAll(".tip, .hair")) e.remove(); };
const point = (c, t, speak) => {
	hide();
	pointed = t;
	const tip = make("div", {class: "tip"}, make("p", {class: "soft"}, moment(t, view[1] - view[0] < 7200)));
	for (const d of shown) {
		const p = nearest(d, t);
		tip.append(make("p", {}, make("span", {class: "key c" + d.colour}), make("span", {class: "name"}, d.short),
			make("b", {}, p ? words(p[1], d.series.unit) : "–"), ...p && d.step ?
			[make("span", {class: "soft"}, `${words(p[2], d.series.unit)} to ${words(p[3], d.series.unit)}`)] : []));
	}
	for (const other of pictures) {
		const hair = make("div", {class: "hair"});
		hair.style.left = X(t) * size + "px";
		other.pic.append(hair);
	}
	const x = X(t) * size, beyond = x > c.pic.clientWidth / 2;
	tip.style[beyond ? "right" : "left"] = (beyond ? c.pic.clientWidth - x : x) + 10 + "px";
	c.pic.append(tip);
	if (speak) aloud.textContent = [...tip.children].map(p => [...p.childNodes].map(n => n.textContent).filter(Boolean).join(" ")).join("; ");
};
const zoom = by => {
	const mid = (view[0] + view[1]) / 2, half = (view[1] - view[0]) / 2 * by;
	dates(mid - half, Math.min(mid + half, Math.max(view[1], now())));
};
const listen = c => {
	let began = null, mark = null;
	const x = e => Math.max(box.x0, Math.min(box.x1, (e.clientX - c.svg.getBoundingClientRect().left) / size));
	c.svg.onpointerdown = e => {
		if (e.button) return;
		began = x(e);
		c.svg.setPointerCapture(e.pointerId);
		point(c, timeAt(began));
	};
	c.svg.onpointermove = e => {
		point(c, timeAt(x(e)));
		if (began === null || Math.abs(x(e) - began) < 5) return;
		if (!mark) c.svg.append(mark = draw("rect", {class: "mark", y: box.y1, height: box.y0 - box.y1}));
		put(mark, {x: Math.min(began, x(e)), width: Math.abs(x(e) - began)}, []);
	};
	c.svg.onpointerup = e => {
		const ends = [began, x(e)].sort((a, b) => a - b).map(timeAt);
		began = null;
		if (mark) dates(...ends);
	};
	c.svg.onpointercancel = () => { began = null; if (mark) mark.remove(); mark = null; hide(); };
	c.svg.onpointerleave = e => { if (e.pointerType === "mouse") hide(); };
	c.svg.onkeydown = e => {
		const step = (view[1] - view[0]) / (e.shiftKey ? 10 : 100), from = pointed === null ? (view[0] + view[1]) / 2 : pointed;
		if (e.key === "ArrowLeft" || e.key === "ArrowRight")
			point(c, Math.max(view[0], Math.min(view[1], from + (e.key === "ArrowLeft" ? -step : step))), true);
		else if (e.key === "+" || e.key === "-") zoom(e.key === "+" ? .5 : 2);
		else if (e.key === "Escape") hide();
		else return;
		e.preventDefault();
	};
};
document.addEventListener("pointerdown", e => { if (!e.target.closest(".pic")) hide(); });

// Everything that is shown, from the choice
const table = () => {
	const row = d => {
		const u = d.series.unit, v = d.points, mean = v.reduce((a, p) => a + p[1], 0) / v.length;
		const cell = x => make("td", {class: "n"}, words(v.length ? x : undefined, u));
		return make("tr", {}, make("th", {scope: "row", class: "w"}, make("span", {class: "key c" + d.colour}), " " + d.series.name),
			cell(v.length && v[v.length - 1][1]), cell(v.reduce((a, p) => Math.min(a, p[2]), Infinity)),
			cell(v.reduce((a, p) => Math.max(a, p[3]), -Infinity)), cell(mean));
	};
	const head = ["last", "min", "max", "mean"].map(t => make("th", {scope: "col", class: "n"}, t));
	legend.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, make("th", {scope: "col"}, "series"), ...head)),
		make("tbody", {}, ...shown.map(row))));
};
const paint = () => {
	const focus = pictures.findIndex(c => c.svg === document.activeElement), units = [...new Set(shown.map(d => d.series.unit))];
	hide();
	charts.replaceChildren();
	size = parseFloat(getComputedStyle(root).fontSize) / 14;
	const wide = charts.clientWidth / size, named = wide > 560, high = named ? 300 : 220;
	box = {wide, high, named, y0: high - 22, y1: 10};
	pictures = units.map(chart);
	const widest = f => Math.max(0, ...pictures.flatMap(f).map(t => t.length));
	box.x0 = round(widest(c => c.texts) * 6.4 + 12);
	box.x1 = round(wide - (named ? widest(c => c.ends.map(e => e.text)) * 7 + 16 : 8));
	for (const c of pictures) {
		finish(c);
		charts.append(make("section", {class: "p"}, c.title, c.pic));
		listen(c);
	}
	if (pictures[focus]) pictures[focus].svg.focus();
};
const chips = () => {
	chosen.replaceChildren(...choice.names.map((n, i) => make("li", {}, make("span", {class: "key c" + (i + 1)}), make("span", {class: "name"}, n),
		button("×", () => toggle(n), {"aria-label": "Remove " + n}))));
	for (const o of options()) o.setAttribute("aria-selected", choice.names.includes(o.getAttribute("aria-label")));
	for (const b of quick.children) b.setAttribute("aria-pressed", b.dataset.last === choice.last);
};
let turn = 0;
const show = async () => {
	const mine = ++turn, known = choice.names.filter(n => byName.has(n)), lost = choice.names.filter(n => !byName.has(n));
	const end = choice.last ? now() : choice.to, from = choice.last ? QUICK[choice.last] && end - QUICK[choice.last] : choice.from;
	chips();
	const list = await Promise.all(known.map(n => read(byName.get(n), from, end)));
	if (mine !== turn) return;
	const firsts = list.map(d => d.first).filter(t => t !== null);
	view = [from || !choice.last ? from : firsts.length ? Math.min(...firsts) : end - 86400, end];
	if (view[1] - view[0] < 2) view[0] = view[1] - 2;
	shown = list;
	const short = shortNames(known.map(n => byName.get(n)));
	shown.forEach((d, i) => Object.assign(d, {short: short[i], colour: choice.names.indexOf(d.series.name) + 1}));
	[since.value, until.value] = view.map(local);
	legend.hidden = save.disabled = wider.disabled = !shown.length;
	const empty = shown.filter(d => !d.points.length).map(d => d.series.name);
	tell(lost.length ? "There is no series " + lost.join(", ") + "." :
		empty.length ? `Nothing from ${empty.join(", ")} between ${moment(view[0])} and ${moment(view[1])}.` : shown.length ? "" :
		`${grouped(all.length, 0)} series are stored. Choose up to ${MOST}; drag over a chart to see a part of it closer.`);
	table();
	paint();
	main.dataset.state = "shown";
};

// CSV as the program's own: RFC 4180, nothing that a spreadsheet would run
const cell = text => {
	if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
	return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};
const download = () => {
	const columns = shown.map(d => ({d, at: new Map(d.points.map(p => [p[0], p]))}));
	const times = [...new Set(shown.flatMap(d => d.points.map(p => p[0])))].sort((a, b) => a - b);
	const head = columns.flatMap(({d}) => [d.series.name, ...d.step ? [d.series.name + " min", d.series.name + " max"] : []]);
	const rows = times.map(t => [new Date(t * 1000).toISOString().replace(".000", ""), ...columns.flatMap(({d, at}) => {
		const p = at.get(t);
		return (d.step ? [1, 2, 3] : [1]).map(i => p ? p[i] : "");
	})].join(","));
	const url = URL.createObjectURL(new Blob([["time", ...head].map(cell).join(",") + "\r\n" + rows.map(r => r + "\r\n").join("")], {type: "text/csv"}));
	const a = make("a", {href: url, download: `explore-${local(view[0]).replace(/\D/g, "")}.csv`});
	a.click();
	setTimeout(() => URL.revokeObjectURL(url), 1000);
};

addEventListener("popstate", () => { readAddress(); show(); });
let width = 0;
new ResizeObserver(() => {
	if (charts.clientWidth !== width && shown.length) paint();
	width = charts.clientWidth;
}).observe(charts);
setInterval(async () => {
	if (!choice.last || document.hidden || pointed !== null || main.dataset.state !== "shown") return;
	if (await readIndex()) show();
}, Math.max(5, Math.min(every, 3600)) * 1000);
main.hidden = false;
readAddress();
readIndex().then(there => {
	if (there) show();
	else tell("The data can't be read. Some browsers permit that only from a server: go to the pages' directory, " +
		"start python3 -m http.server there, and open http://localhost:8000/explore.html.");
});
})();
