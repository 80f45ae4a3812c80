{{%AUTOESCAPE context="HTML"}}
<!doctype html>
<html lang="en" data-every="{{EVERY}}" data-zone="{{ZONE}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{CSP:none}}">
<title>{{TITLE}}: {{PAGE_TITLE}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="broadsheet {{VERSION}}">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23fbfaf6' stroke='%231c1b19' d='M.5.5h15v15H.5z'/%3E%3Cpath fill='none' stroke='%231c1b19' d='M3 3.5h10M3 5.5h10'/%3E%3Cpath fill='none' stroke='%232b6cb0' stroke-width='1.5' d='M3 12l3-3 3 2 4-4'/%3E%3C/svg%3E">
<style>{{CSS:none}}</style>
</head>
<body>
<a class="skip" href="#find">Skip to the choice of series</a>
<header class="mast">
<h1>{{TITLE}}</h1>
</header>
{{#NAV}}
<nav aria-label="Pages and periods">
<ul>{{#PERIOD}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{TEXT}}</a></li>{{/PERIOD}}</ul>
<ul class="apart">{{#APART}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{TEXT}}</a></li>{{/APART}}</ul>
</nav>
{{/NAV}}
<main id="explorer">
<noscript>
<p class="message">To choose series and dates this page needs JavaScript. Without it, each series is here as files: all of it as CSV, and the last day as JSON in a script.</p>
<div class="scroll" tabindex="0" role="region" aria-label="All series">
<table>
<thead><tr><th scope="col">series</th><th scope="col">unit</th><th scope="col">all</th><th scope="col">last day</th></tr></thead>
<tbody>
{{#SERIES}}
<tr><th scope="row" class="w">{{NAME}}</th><td>{{UNIT}}</td><td><a href="data/explore/{{ID}}.csv">CSV</a></td><td><a href="data/explore/{{ID}}-day.js">JSON</a></td></tr>
{{/SERIES}}
</tbody>
</table>
</div>
{{#LEFT_OUT}}<p class="foot">{{TEXT}}</p>{{/LEFT_OUT}}
</noscript>
<div id="choice" hidden>
<div class="ask">
<div class="find">
<label for="find">Series</label>
<input id="find" type="search" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="Type a part of a name">
<ul id="found" role="listbox" aria-multiselectable="true" aria-label="Series" hidden></ul>
</div>
<div id="quick" role="group" aria-label="How far back"></div>
<div class="dates">
<label><span>from</span> <input id="since" type="datetime-local" required max="9999-12-31T23:59"></label>
<label><span>to</span> <input id="until" type="datetime-local" required max="9999-12-31T23:59"></label>
</div>
<div class="acts"><button id="wider" type="button">Zoom out</button> <button id="save" type="button">Download CSV</button></div>
</div>
<ul id="chosen" aria-label="Chosen series"></ul>
<p id="say" class="message" role="status"></p>
<div id="charts"></div>
<div id="legend" class="scroll" tabindex="0" role="region" aria-label="Values"></div>
<p id="aloud" class="vh" aria-live="polite"></p>
</div>
</main>
<footer>
<span>All times {{ZONE}}</span>
<span>broadsheet {{VERSION}}</span>
</footer>
<script>{{SCRIPT:none}}</script>
</body>
</html>
