{{%AUTOESCAPE context="HTML"}}
<div class="figures">
{{#FIGURE}}
<div class="figure{{#HOT}} hot{{/HOT}}">
{{#HAS_LABEL}}<p class="label">{{LABEL}}</p>{{/HAS_LABEL}}
<p class="value">{{#HOT}}<span class="mark">▲</span> {{/HOT}}<b>{{VALUE}}</b> <span class="unit">{{UNIT}}</span></p>
{{#SPARK}}<div class="spark" aria-hidden="true">{{SVG:none}}</div>{{/SPARK}}
{{#CHANGES}}
<ul class="changes">{{#CHANGE}}<li{{#TONE}} class="{{LOOK}}"{{/TONE}}><b><span aria-hidden="true">{{SIGN}}</span>{{#HAS_WORD}}<span class="vh">{{WORD}}</span>{{/HAS_WORD}} {{AMOUNT}}</b> {{SINCE}}{{#TONE}}<span class="vh">, {{LOOK}}</span>{{/TONE}}</li>{{/CHANGE}}</ul>
{{/CHANGES}}
{{#HAS_WHEN}}<p class="age">◌ {{WHEN}}</p>{{/HAS_WHEN}}
</div>
{{/FIGURE}}
</div>
