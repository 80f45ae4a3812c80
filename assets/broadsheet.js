// The page works without this. It adds: the STALE banner, a refresh that
// waits for a new page and can be paused, values under the pointer, logs that
// can be searched and play their last minute, and what was open and where one
// was, kept across the refresh.
(() => {
"use strict";
const root = document.documentElement, all = (q, e = document) => [...e.querySelectorAll(q)];
const past = "past" in root.dataset; // such a page stays as it is
const started = +root.dataset.started, every = +root.dataset.every || 60;
const served = location.protocol.startsWith("http");
const make = (tag, cls, text) => {
	const e = document.createElement(tag);
	if (cls) e.className = cls;
	if (text !== undefined) e.textContent = text;
	return e;
};

// Time: the server's clock if it tells, in the zone of the page.
let skew = 0;
const now = () => Date.now() / 1000 + skew;
const format = options => {
	try {
		return new Intl.DateTimeFormat("en-GB", {timeZone: root.dataset.zone, ...options});
	} catch (e) {
		return new Intl.DateTimeFormat("en-GB", {timeZone: "UTC", timeZoneName: "short", ...options});
	}
};
const clock = format({hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const second = format({hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23"});
const dated = format({weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const day = format({day: "numeric", month: "short", year: "numeric"});
const length = s => s < 100 ? Math.round(s) + " s" : s < 5400 ? Math.round(s / 60) + " min" :
	s < 172800 ? Math.round(s / 3600) + " h" : Math.round(s / 86400) + " d";

// STALE: older than three runs.
const banner = document.getElementById("stale"), title = document.title;
const stale = () => {
	const age = now() - started, late = age > 3 * every && !past;
	if (late) {
		banner.replaceChildren(make("b", "", "STALE"),
			`: printed ${length(age)} ago, at ${dated.format(started * 1000)}; a new page is due every ${length(every)}`);
		document.title = "STALE · " + title;
	} else {
		document.title = title;
	}
	banner.hidden = !late;
};

// What is kept in the tab.
const key = "broadsheet:" + location.pathname;
const kept = (() => {
	try { return JSON.parse(sessionStorage.getItem(key)) || {}; } catch (e) { return {}; }
})();
kept.open = kept.open || {};
kept.logs = kept.logs || {};
const logs = [];
const keep = () => {
	kept.y = scrollY;
	for (const l of logs) l.keep();
	try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch (e) { /* not kept */ }
};
const restore = () => {
	const how = performance.getEntriesByType("navigation")[0];
	for (const d of all("details[id]"))
		if (d.id in kept.open) d.open = kept.open[d.id];
	for (const l of logs) l.restore();
	if (kept.y && !location.hash && (kept.refreshed || how && how.type === "reload"))
		scrollTo(0, kept.y);
	kept.refreshed = false;
};
addEventListener("pagehide", keep);
document.addEventListener("click", e => {
	const d = e.target.closest("summary") && e.target.closest("details[id]");
	if (d) setTimeout(() => { kept.open[d.id] = d.open; });
});

// The refresh: not while one reads off a value or has marked text, and only
// for a page that is there and new.
let paused = false, tip = null, timer;
const reload = () => { kept.refreshed = true; keep(); location.reload(); };
const head = () => fetch(location.href, {method: "HEAD", cache: "no-store"}).then(r => {
	const date = Date.parse(r.headers.get("Date")), changed = Date.parse(r.headers.get("Last-Modified"));
	if (date) skew = (date - Date.now()) / 1000;
	return r.ok && changed !== Date.parse(document.lastModified);
});
const plan = wait => { clearTimeout(timer); timer = setTimeout(refresh, Math.min(wait, 86400) * 1000); };
const again = () => plan(Math.min(every, Math.max(10, every / 4)));
const refresh = () => {
	if (paused || document.hidden) return;
	if (tip || String(getSelection()) || logs.some(l => l.busy())) plan(5);
	else if (served) head().then(fresh => fresh ? reload() : again(), again);
	else reload();
};
const arrange = () => past || plan(Math.max(started + every + 5 - now(), Math.min(every, 10)));
document.addEventListener("visibilitychange", arrange);
const pause = make("button", "", "pause"), part = make("span", "pause", " · ");
pause.type = "button";
pause.title = "stay with this page, without refreshing";
pause.onclick = () => {
	paused = !paused;
	pause.textContent = paused ? "paused: go on" : "pause";
	arrange();
};
part.append(pause);
if (!past) all(".when").forEach(w => w.append(part));

// Values under the pointer. A path's unbroken runs ("M" and "l" with relative
// pairs, tenths of a pixel) are read once.
const paths = new WeakMap();
const runs = path => {
	if (!paths.has(path))
		paths.set(path, path.getAttribute("d").split("M").slice(1).map(run => {
			const n = run.match(/-?\d+/g).map(Number), out = [[n[0] / 10, n[1] / 10]];
			for (let i = 2; i + 1 < n.length; i += 2)
				out.push([out[i / 2 - 1][0] + n[i] / 10, out[i / 2 - 1][1] + n[i + 1] / 10]);
			return out;
		}));
	return paths.get(path);
};
const heightAt = (path, x) => {
	for (const p of runs(path)) {
		if (x < p[0][0] - 1 || x > p[p.length - 1][0] + 1) continue;
		let lo = 0, hi = p.length - 1;
		while (hi - lo > 1) {
			const mid = (lo + hi) >> 1;
			if (p[mid][0] <= x) lo = mid; else hi = mid;
		}
		const [a, b] = [p[lo], p[hi]], f = b[0] > a[0] ? Math.min(1, Math.max(0, (x - a[0]) / (b[0] - a[0]))) : 0;
		return a[1] + f * (b[1] - a[1]);
	}
	return NaN;
};
const digits = v => Math.abs(v) >= 100 ? Math.round(v).toLocaleString("en") : v ? v.toPrecision(3) : "0";
const scaled = (v, step, names) => {
	let i = 0;
	while (i < names.length - 1 && Math.abs(v) >= step) { v /= step; i++; }
	return digits(v) + " " + names[i];
};
const words = (v, unit) => {
	const [, base, per] = /^(.*?)(\/s)?$/.exec(unit || "");
	if (base === "bytes") return scaled(v, 1024, ["B", "KB", "MB", "GB", "TB", "PB"]) + (per || "");
	if (base === "bits") return scaled(v, 1000, ["bit", "kbit", "Mbit", "Gbit", "Tbit"]) + (per || "");
	if (unit === "seconds") return v < 1 ? digits(v * 1000) + " ms" : v < 120 ? digits(v) + " s" :
		v < 7200 ? digits(v / 60) + " min" : v < 172800 ? digits(v / 3600) + " h" : digits(v / 86400) + " d";
	const name = {percent: "%", celsius: "°C", count: ""}[base];
	return [digits(v), (name === undefined ? base : name) + (per || "")].filter(Boolean).join(" ");
};
const hide = () => { if (tip) { tip.box.remove(); tip.line.remove(); tip = null; } };
const point = (svg, event) => {
	const d = svg.dataset, m = svg.getScreenCTM(), pic = svg.closest(".pic");
	const x = (event.clientX - m.e) / m.a, f = (x - d.x0) / (d.x1 - d.x0);
	hide();
	if (!(f >= 0 && f <= 1)) return;
	const t = 1000 * (+d.t0 + f * (d.t1 - d.t0)), span = d.t1 - d.t0, rows = [];
	for (const p of all("path[data-name]", svg)) {
		const y = heightAt(p, x);
		if (!isNaN(y)) rows.push([+d.v0 + (y - d.y0) / (d.y1 - d.y0) * (d.v1 - d.v0), p]);
	}
	const box = make("div", "tip"), line = make("div", "hair");
	box.append(make("p", "soft", (span > 200 * 86400 ? day : span > 86400 ? dated : span < 7200 ? second : clock).format(t)));
	for (const [v, p] of rows.sort((a, b) => b[0] - a[0])) {
		const row = make("p"), swatch = make("span", "key");
		swatch.style.background = getComputedStyle(p).stroke;
		row.append(swatch, make("span", "name", p.dataset.name), make("b", "", words(v, d.unit)));
		box.append(row);
	}
	const at = event.clientX - pic.getBoundingClientRect().left;
	line.style.left = at + "px";
	if (at > pic.clientWidth / 2) box.style.right = pic.clientWidth - at + 10 + "px";
	else box.style.left = at + 10 + "px";
	pic.append(line, box);
	tip = {box, line};
};
for (const svg of all(".pic svg[data-t0]")) {
	for (const kind of ["pointermove", "pointerdown"])
		svg.addEventListener(kind, e => point(svg, e));
	svg.addEventListener("pointerleave", e => { if (e.pointerType === "mouse") hide(); });
}
document.addEventListener("pointerdown", e => { if (!e.target.closest(".pic")) hide(); });

// Logs: searched by text, source and level. Their last minute is played back
// in its own rhythm, a minute late, so that one run's lines have come when the
// next run's page does; not while one has scrolled up, marks text, or said so.
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const span = Math.min(every, 60), lag = span + 5;
const played = rows => {
	// Lines of one second spread over it; those that only know that they
	// came in this run, over all the time since the others.
	const due = new Map();
	for (let i = 0, last = started - span; i < rows.length;) {
		const t = +rows[i].dataset.t;
		let n = 1;
		while (i + n < rows.length && rows[i + n].dataset.t === rows[i].dataset.t) n++;
		const from = t >= started ? last : Math.max(last, t), to = Math.max(from, t >= started ? started : t + 1);
		for (let k = 0; k < n; k++) due.set(rows[i + k], from + (to - from) * (k + 1) / n);
		last = to;
		i += n;
	}
	return due;
};
const choice = (label, names) => {
	const s = make("select");
	s.setAttribute("aria-label", label);
	for (const [value, text] of names) s.add(new Option(text, value));
	return s;
};
const log = box => {
	const rows = all("li", box), name = box.getAttribute("aria-label"), id = box.closest(".p").id;
	const own = kept.logs[id] = kept.logs[id] || {};
	const texts = new Map(rows.map(r => [r, r.textContent.toLowerCase()]));
	const source = r => r.querySelector("i b").textContent;
	const sources = [...new Set(rows.map(source))].sort();
	const bar = make("div", "seek"), find = make("input"), found = make("span", "soft"), hold = make("button");
	const from = choice("Source in " + name, [["", "every source"], ...sources.map(s => [s, s])]);
	const level = choice("Level in " + name, [["", "every level"], ["warn", "warnings and errors"], ["error", "errors"]]);
	const due = calm.matches ? new Map() : played(rows.filter(r => r.dataset.t));
	let held = false, typed = 0, at = now() - lag, then = now(), waiting = 0;
	find.type = "search";
	find.placeholder = "Find (press /)";
	find.setAttribute("aria-label", "Find in " + name);
	found.setAttribute("role", "status");
	hold.type = "button";
	bar.append(find, ...(sources.length > 1 ? [from] : []), level, hold, found);
	box.before(bar);

	const end = () => box.scrollTop > -20;
	const marked = () => { const s = getSelection(); return !s.isCollapsed && box.contains(s.anchorNode); };
	const matches = r => (!from.value || source(r) === from.value) &&
		(!level.value || r.classList.contains("error") || level.value === "warn" && r.classList.contains("warn")) &&
		texts.get(r).includes(find.value.trim().toLowerCase());
	const show = () => {
		let n = 0;
		waiting = 0;
		for (const r of rows) {
			const fits = matches(r), late = due.get(r) > at;
			n += fits;
			waiting += fits && late;
			if (r.hidden === (fits && !late)) r.hidden = !r.hidden;
		}
		hold.hidden = !held && !waiting;
		hold.textContent = held ? `go on: ${waiting} to come` : "pause";
		return n;
	};
	const search = () => {
		const n = show();
		typed = now();
		box.scrollTop = 0;
		found.textContent = find.value || from.value || level.value ? `${n} of ${rows.length} lines` : "";
	};
	const play = () => {
		const t = now();
		if (!held && end() && !marked()) at += t - then;
		then = t;
		show();
		if (waiting || held) setTimeout(play, 200);
	};
	hold.onclick = () => { held = !held; show(); };
	for (const e of [find, from, level]) e.addEventListener("input", search);
	find.onkeydown = e => {
		if (e.key !== "Escape") return;
		if (find.value) { find.value = ""; search(); } else box.focus();
		e.preventDefault();
	};
	logs.push({
		find,
		busy: () => held || marked() || document.activeElement === find && now() - typed < 5,
		keep: () => {
			const top = box.getBoundingClientRect().top, first = rows.find(r => !r.hidden && r.getBoundingClientRect().bottom > top);
			Object.assign(own, {find: find.value, from: from.value, level: level.value, focus: document.activeElement === find,
				line: end() || !first ? "" : first.textContent});
		},
		restore: () => {
			find.value = own.find || "";
			level.value = own.level || "";
			from.value = sources.includes(own.from) ? own.from : "";
			search();
			typed = 0;
			const line = own.line && rows.filter(r => r.textContent === own.line).pop();
			if (line) box.scrollTop += line.getBoundingClientRect().top - box.getBoundingClientRect().top;
			if (own.focus && kept.refreshed) find.focus({preventScroll: true});
			play();
		},
	});
};
all(".log").forEach(log);
document.addEventListener("keydown", e => {
	if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || !logs.length || e.target.closest("input, select, textarea")) return;
	const near = logs.find(l => l.find.getBoundingClientRect().top >= 0) || logs[0];
	e.preventDefault();
	near.find.focus();
});

restore();
const begin = () => { stale(); setInterval(stale, 5000); arrange(); };
if (served) head().then(begin, begin); else begin();
})();
