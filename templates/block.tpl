{{%AUTOESCAPE context="HTML"}}
<section class="p {{WIDTH}}" id="{{ID}}" data-kind="{{KIND}}" data-state="{{STATE}}">
<h3>{{#MARKED}}<span class="mark" aria-hidden="true">{{MARK}}</span><span class="vh">{{STATE}}: </span>{{/MARKED}}<span class="name">{{TITLE}}</span>{{#HAS_NOTE}} <small>{{NOTE}}</small>{{/HAS_NOTE}}</h3>
{{#HAS_MESSAGE}}
<p class="message"><b>{{STATE_WORDS}}</b> {{MESSAGE}}</p>
{{/HAS_MESSAGE}}
{{>FIGURES}}
{{>CHART}}
{{>TABLE}}
{{>LOG}}
{{>TEXTS}}
{{>NUMBERS}}
</section>
