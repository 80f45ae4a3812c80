{{%AUTOESCAPE context="HTML"}}
{{#RATES}}
<ul class="rates" aria-label="{{TITLE}}: its sources">
{{#RATE}}
<li class="c{{COLOUR}}"><span class="key"></span> <b>{{SOURCE}}</b>{{#SPARK}} <span class="spark" aria-hidden="true">{{SVG:none}}</span>{{/SPARK}} <span class="soft">{{TEXT}}</span></li>
{{/RATE}}
</ul>
{{/RATES}}
{{#LINES}}
{{#LEFT_OUT}}<p class="foot">{{TEXT}}</p>{{/LEFT_OUT}}
<div class="log {{HEIGHT}}" tabindex="0" role="group" aria-label="{{TITLE}}">
<ol>
{{#LINE}}
<li class="c{{COLOUR}}{{#SERIOUS}} {{LEVEL}}{{/SERIOUS}}"{{#RECENT}} data-t="{{AT}}"{{/RECENT}}><i>{{TIME}} <b>{{SOURCE}}</b></i> {{#SERIOUS}}<em>{{MARK}} {{LEVEL}}</em> {{/SERIOUS}}<span>{{TEXT}}</span></li>
{{/LINE}}
</ol>
</div>
{{/LINES}}
