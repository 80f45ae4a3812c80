{{%AUTOESCAPE context="HTML"}}
{{#FOOT}}<p class="foot">{{TEXT}}</p>{{/FOOT}}
{{#GROUP}}
{{#NAMED}}<h4>{{NAME}} <small>{{NOTE}}</small></h4>{{/NAMED}}
<ul class="tiles {{SIZE}}">
{{#TILE}}
<li class="{{STATE}}"><p class="who"><a{{#LINKED}} href="{{HREF}}"{{/LINKED}}>{{NAME}}</a> <span class="is"><i aria-hidden="true">{{MARK}}</i> {{WORD}}</span></p>
<ul>{{#FIGURE}}<li class="{{#HOT}}hot {{/HOT}}{{#LATE}}aged{{/LATE}}"{{#HAS_MORE}} title="{{MORE}}"{{/HAS_MORE}}><span class="label">{{LABEL}}</span> <b>{{VALUE}}</b>{{#BAR}}<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><path d="M0 .5H{{PART}}"/></svg>{{/BAR}}{{#SPARK}}<span class="spark" aria-hidden="true">{{SVG:none}}</span>{{/SPARK}}</li>{{/FIGURE}}</ul>
{{#HAS_TEXT}}<p class="why">{{TEXT}}</p>{{/HAS_TEXT}}</li>
{{/TILE}}
</ul>
{{/GROUP}}
