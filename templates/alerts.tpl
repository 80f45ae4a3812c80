{{%AUTOESCAPE context="HTML"}}
<div class="alerts">
{{#ALERT_ROW}}
<details class="{{LOOK}}" id="{{ID}}"{{#OPEN}} open{{/OPEN}}>
<summary><span class="mark" aria-hidden="true">{{MARK}}</span> <b>{{NAME}}</b>: {{TEXT}} <span class="word">{{WORD}}</span></summary>
<dl>{{#FACT}}<div><dt>{{NAME}}</dt><dd>{{VALUE}}</dd></div>{{/FACT}}{{#SHOT}}<div><dt>snapshot</dt><dd><a href="{{HREF}}">as it was then</a></dd></div>{{/SHOT}}</dl>
</details>
{{/ALERT_ROW}}
</div>
{{#FOOT}}<p class="foot">{{TEXT}}</p>{{/FOOT}}
