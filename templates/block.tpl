{{%AUTOESCAPE context="HTML"}}
<section class="p {{WIDTH}}" id="{{ID}}" data-kind="{{KIND}}" data-state="{{STATE}}">
<h3>{{#MARKED}}<span class="mark" aria-hidden="true">{{MARK}}</span><span class="vh">{{STATE}}: </span>{{/MARKED}}<span class="name">{{TITLE}}{{#ALERT}}: {{MESSAGE}}{{/ALERT}}</span>{{#HAS_NOTE}} <small>{{NOTE}}</small>{{/HAS_NOTE}}</h3>
{{>FIGURES}}
{{>CHART}}
{{>FORECAST}}
{{>TILES}}
{{>ALERTS}}
{{>TABLE}}
{{>LOG}}
{{>TEXTS}}
{{#REMARK}}
<p class="message">{{#HAS_WORDS}}<b>{{STATE_WORDS}}</b> {{/HAS_WORDS}}{{MESSAGE}}</p>
{{/REMARK}}
{{>NUMBERS}}
</section>
