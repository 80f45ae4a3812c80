{{%AUTOESCAPE context="HTML"}}
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{CSP:none}}">
<title>{{TITLE}}: Snapshots</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="broadsheet {{VERSION}}">
<meta name="archive" content="{{DIGEST}}">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23fbfaf6' stroke='%231c1b19' d='M.5.5h15v15H.5z'/%3E%3Cpath fill='none' stroke='%231c1b19' d='M3 3.5h10M3 5.5h10'/%3E%3Cpath fill='none' stroke='%232b6cb0' stroke-width='1.5' d='M3 12l3-3 3 2 4-4'/%3E%3C/svg%3E">
<style>{{CSS:none}}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the snapshots</a>
<header class="mast">
<h1>{{TITLE}}</h1>
<p class="when"><b>Snapshots</b><br>{{SUMMARY}}</p>
</header>
<nav aria-label="Pages">
<ul><li><a href="../index.html">Back to the page</a></li></ul>
</nav>
<main id="main">
{{#WARNING}}
<p class="warning"><b>Warning:</b> {{TEXT}}</p>
{{/WARNING}}
{{#EMPTY}}
<section class="s">
<h2>No snapshots</h2>
<p class="text">A snapshot is a page of one moment as one file. This takes one and puts it here:</p>
<p class="text"><code>broadsheet snapshot --note "why"</code></p>
</section>
{{/EMPTY}}
{{#GROUP}}
<section class="s">
<h2 id="d{{ID}}">{{DATE}}</h2>
<ul class="shots">
{{#SHOT}}
<li class="shot" id="s{{ID}}">
{{#PICTURE}}<a class="look" href="{{HREF}}"><picture>{{#DARK}}<source media="(prefers-color-scheme: dark)" srcset="{{SOURCE}}">{{/DARK}}<img src="{{SOURCE}}" alt="{{ALT}}" width="{{PIXELS_WIDE}}" height="{{PIXELS_HIGH}}" loading="lazy"></picture></a>{{/PICTURE}}{{#PLAIN}}<p class="look none">no picture</p>{{/PLAIN}}
<h3><a href="{{HREF}}"><time datetime="{{STARTED_ISO}}">{{TIME}}</time> {{PAGE_TITLE}}</a>{{#MARKED}} <small>★ marked</small>{{/MARKED}}</h3>
{{#ALERTING}}<p class="hot"><b>▲ {{ALARMS}}</b>: {{TEXT}}</p>{{/ALERTING}}
{{#CALM}}<p class="soft">● no alert fired</p>{{/CALM}}
{{#HAS_NOTE}}<p class="note">{{NOTE}}</p>{{/HAS_NOTE}}
<p class="foot">{{#PERIOD}}{{TEXT}} up to then{{/PERIOD}}{{#PAST}}, taken at {{PRINTED}}{{/PAST}}</p>
<ul class="foot files">{{#FILE}}<li><a href="{{HREF}}">{{KIND}}</a> {{SIZE}}</li>{{/FILE}}</ul>
</li>
{{/SHOT}}
</ul>
</section>
{{/GROUP}}
</main>
<footer>
<span>All times {{ZONE}}</span>
<span>{{LIMITS}}</span>
<span>broadsheet {{VERSION}}</span>
</footer>
</body>
</html>
