{{%AUTOESCAPE context="HTML"}}
<details class="faults" id="{{ID}}"{{#FEW}} open{{/FEW}}>
<summary><span class="mark">✕</span> {{SUMMARY}}</summary>
<ul>
{{#FAULT}}
<li><b>{{NAME}}</b> {{OUTCOME}}: {{MESSAGE}} <span class="soft">since {{SINCE}}{{#HAS_LAST_OK}}, last answer {{LAST_OK}} ago{{/HAS_LAST_OK}}{{#NEVER_OK}}, has not answered yet{{/NEVER_OK}}</span>
{{#HINT}}<br><code>{{TEXT}}</code>{{/HINT}}</li>
{{/FAULT}}
</ul>
</details>
