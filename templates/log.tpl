{{%AUTOESCAPE context="HTML"}}
{{#LEFT_OUT}}<p class="foot">{{TEXT}}</p>{{/LEFT_OUT}}
<ol class="log" tabindex="0" role="region" aria-label="{{TITLE}}">
{{#LINE}}
<li class="c{{COLOUR}}{{#SERIOUS}} {{LEVEL}}{{/SERIOUS}}"><i>{{TIME}} {{SOURCE}}</i> {{#SERIOUS}}<b class="mark">{{MARK}}</b> {{/SERIOUS}}<span>{{TEXT}}</span></li>
{{/LINE}}
</ol>
