{{%AUTOESCAPE context="HTML"}}
<!doctype html>
<html lang="en" data-started="{{STARTED}}" data-every="{{EVERY}}" data-zone="{{ZONE}}"{{#PAST}} data-past{{/PAST}}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{CSP:none}}">
<title>{{#ALERTING}}▲ {{ALARMS}} {{/ALERTING}}{{TITLE}}{{#HAS_PAGE_TITLE}}: {{PAGE_TITLE}}{{/HAS_PAGE_TITLE}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="broadsheet {{VERSION}}">
{{#CALM}}
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23fbfaf6' stroke='%231c1b19' d='M.5.5h15v15H.5z'/%3E%3Cpath fill='none' stroke='%231c1b19' d='M3 3.5h10M3 5.5h10'/%3E%3Cpath fill='none' stroke='%232b6cb0' stroke-width='1.5' d='M3 12l3-3 3 2 4-4'/%3E%3C/svg%3E">
{{/CALM}}
{{#ALERTING}}
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23b3261e' d='M8 1l8 14H0z'/%3E%3C/svg%3E">
{{/ALERTING}}
{{#PRESENT}}
<noscript><meta http-equiv="refresh" content="{{EVERY}}"></noscript>
{{/PRESENT}}
<style>{{CSS:none}}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the panels</a>
<p id="stale" role="alert" hidden></p>
<header class="mast">
<h1>{{TITLE}}</h1>
<p class="when"><time datetime="{{STARTED_ISO}}"><b>{{DATE}}</b> {{ZONE_SHORT}}</time><br>
{{#FIRING}}{{#LISTED}}<a class="firing" href="#{{ID}}"><span class="mark" aria-hidden="true">▲</span> {{TEXT}}</a>{{/LISTED}}{{#UNLISTED}}<b class="firing"><span class="mark" aria-hidden="true">▲</span> {{TEXT}}</b>{{/UNLISTED}} · {{/FIRING}}<span id="next">{{#HAS_NEXT}}next at {{NEXT}} · {{/HAS_NEXT}}</span>{{#FAULTY}}<a href="#{{FAULTS_ID}}">{{ANSWERED}}</a>{{/FAULTY}}{{#FAULTLESS}}{{ANSWERED}}{{/FAULTLESS}}</p>
</header>
{{#NAV}}
<nav aria-label="Pages and periods">
<ul>{{#PERIOD}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{TEXT}}</a></li>{{/PERIOD}}</ul>
<ul class="apart">{{#APART}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{TEXT}}</a></li>{{/APART}}</ul>
</nav>
{{/NAV}}
<main id="main">
{{#PAST}}
<p class="warning"><b>The past:</b> this is the page as it was at {{THEN}}, printed at {{PRINTED}}</p>
{{/PAST}}
{{#WARNING}}
<p class="warning"><b>Warning:</b> {{TEXT}}</p>
{{/WARNING}}
{{>FAULTS}}
{{#SECTION}}
<section class="s{{#UNTITLED}} untitled{{/UNTITLED}}{{#CHOSEN}} chosen{{/CHOSEN}}">
<h2 id="{{ID}}">{{TITLE}}</h2>
{{#CHOICES}}<ul class="choices" aria-label="{{TITLE}}">{{#CHOICE}}<li><a href="{{HREF}}#{{ID}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{TEXT}}</a></li>{{/CHOICE}}{{#HAS_NOTE}}<li>{{NOTE}}</li>{{/HAS_NOTE}}</ul>{{/CHOICES}}
<div class="g">
{{#BLOCK}}{{PANEL:none}}{{/BLOCK}}</div>
</section>
{{/SECTION}}
</main>
<footer>
<span>Printed in {{TOOK}}, {{RHYTHM}}</span>
<span>All times {{ZONE_SHORT}} ({{ZONE}})</span>
<span><a href="status.json">status.json</a></span>
{{#ARCHIVE}}<span><a href="{{HREF}}">snapshots</a></span>
{{/ARCHIVE}}<span>broadsheet {{VERSION}}</span>
</footer>
<script>{{SCRIPT:none}}</script>
</body>
</html>
