{{%AUTOESCAPE context="HTML"}}
<div class="figures">
{{#FIGURE}}
<div class="figure{{#HOT}} hot{{/HOT}}">
{{#HAS_LABEL}}<p class="label">{{LABEL}}</p>{{/HAS_LABEL}}
<p class="value">{{#HOT}}<span class="mark">▲</span> {{/HOT}}<b>{{VALUE}}</b> <span class="unit">{{UNIT}}</span></p>
{{#SPARK}}<div class="spark" aria-hidden="true">{{SVG:none}}</div>{{/SPARK}}
{{#CHANGES}}
<ul class="changes">{{#CHANGE}}<li><b>{{SIGN}} {{AMOUNT}}</b> {{SINCE}}</li>{{/CHANGE}}</ul>
{{/CHANGES}}
{{#HAS_WHEN}}<p class="age">◌ {{WHEN}}</p>{{/HAS_WHEN}}
</div>
{{/FIGURE}}
</div>
