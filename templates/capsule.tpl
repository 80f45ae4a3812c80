{{%AUTOESCAPE context="HTML"}}
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{CSP:none}}">
<title>{{#ALERTING}}▲ {{ALARMS}} {{/ALERTING}}{{TITLE}}{{#HAS_PAGE_TITLE}}: {{PAGE_TITLE}}{{/HAS_PAGE_TITLE}}, {{THEN}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="broadsheet {{VERSION}}">
<style>{{CSS:none}}</style>
</head>
<body>
<!--part head-->
<a class="skip" href="#main">Skip to the panels</a>
<header class="mast">
<h1>{{TITLE}}</h1>
<p class="when"><time datetime="{{STARTED_ISO}}"><b>{{DATE}}</b> {{ZONE_SHORT}}</time><br>
{{#FIRING}}<b class="firing"><span class="mark" aria-hidden="true">▲</span> {{TEXT}}</b> · {{/FIRING}}{{ANSWERED}}</p>
</header>
<p class="foot">A snapshot of {{#HAS_PAGE_TITLE}}{{PAGE_TITLE}}, {{/HAS_PAGE_TITLE}}from {{SINCE}} to {{THEN}}, taken at {{PRINTED}}</p>
{{#WARNING}}
<p class="warning"><b>Warning:</b> {{TEXT}}</p>
{{/WARNING}}
{{#LEFT_OUT}}
<p class="warning"><b>Left out</b> to stay within {{SIZE}}: {{TEXT}}</p>
{{/LEFT_OUT}}
<main id="main">
{{#SECTION}}
<section class="s{{#UNTITLED}} untitled{{/UNTITLED}}">
<h2 id="{{ID}}">{{TITLE}}</h2>
<div class="g">
{{#BLOCK}}{{BEGINS:none}}{{PANEL:none}}{{/BLOCK}}</div>
</section>
{{/SECTION}}
<section class="s">
<!--part events-->
<h2 id="events">What happened</h2>
<div class="g">
<section class="p full" id="timeline">
<h3>Alerts</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Alerts">
<table>
<thead><tr><th scope="col">time</th><th scope="col">what</th><th scope="col">alert</th></tr></thead>
<tbody>
{{#EVENT}}
<tr><th scope="row">{{TIME}}</th><td>{{WHAT}}</td><td class="w">{{TEXT}}</td></tr>
{{/EVENT}}
</tbody>
</table>
</div>
</section>
<section class="p full" id="gaps">
<h3>Gaps, and why</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Gaps">
<table>
<thead><tr><th scope="col">source</th><th scope="col">from</th><th scope="col">to</th><th scope="col">outcome</th><th scope="col">message</th></tr></thead>
<tbody>
{{#GAP}}
<tr><th scope="row">{{NAME}}</th><td>{{SINCE}}</td><td>{{TIME}}</td><td>{{OUTCOME}}</td><td class="w">{{MESSAGE}}</td></tr>
{{/GAP}}
</tbody>
</table>
</div>
</section>
</div>
</section>
{{#LINES}}
<section class="s">
<!--part log-->
<h2 id="lines">Log lines</h2>
<details class="numbers">
<summary>{{SUMMARY}}</summary>
<pre>{{VERBATIM:none}}</pre>
</details>
</section>
{{/LINES}}
{{#NUMBERS_SHOWN}}
<section class="s">
<h2 id="numbers">Numbers</h2>
{{#NUMBERS_OF}}
{{BEGINS:none}}<details class="numbers">
<summary>{{TITLE}}, as CSV</summary>
<pre>{{VERBATIM:none}}</pre>
</details>
{{/NUMBERS_OF}}
</section>
{{/NUMBERS_SHOWN}}
{{#GIST}}
<section class="s">
<!--part gist-->
<h2 id="gist">For comparison</h2>
<details class="numbers">
<summary>What broadsheet diff reads, as JSON</summary>
<pre>{{VERBATIM:none}}</pre>
</details>
</section>
{{/GIST}}
</main>
<!--part foot-->
<footer>
<span>All times {{ZONE_SHORT}} ({{ZONE}})</span>
<span>Configuration <code>{{DIGEST}}</code> (SHA-256)</span>
<span>broadsheet {{VERSION}}</span>
</footer>
