{{%AUTOESCAPE context="HTML"}}
{{#LEGEND}}
<details class="numbers" id="{{ID}}-numbers"{{#OPEN}} open{{/OPEN}}>
<summary>Numbers</summary>
<div class="scroll" tabindex="0" role="group" aria-label="{{TITLE}}: numbers">
<table>
<thead><tr><th scope="col">series</th><th scope="col" class="n">last</th><th scope="col" class="n">min</th><th scope="col" class="n">max</th><th scope="col" class="n">mean</th></tr></thead>
<tbody>
{{#ROW}}
<tr><th scope="row"><span class="key {{#HOT}}hot{{/HOT}}{{#PLAIN}}c{{COLOUR}}{{/PLAIN}}"></span> {{#HOT}}<span class="mark">▲</span> {{/HOT}}{{NAME}}{{#HAS_AGE}} <span class="age">◌ {{AGE}}</span>{{/HAS_AGE}}</th><td class="n">{{LAST}}</td><td class="n">{{MIN}}</td><td class="n">{{MAX}}</td><td class="n">{{MEAN}}</td></tr>
{{/ROW}}
</tbody>
</table>
</div>
{{#FILES}}
<p class="foot">Every value: <a href="{{CSV}}">CSV</a> <a href="{{JSON}}">JSON</a></p>
{{/FILES}}
</details>
{{/LEGEND}}
{{#FOLDED}}
<details class="numbers" id="{{ID}}-numbers">
<summary>{{SUMMARY}}</summary>
{{>TABLE}}
{{#FILES}}
<p class="foot">Every value: <a href="{{CSV}}">CSV</a> <a href="{{JSON}}">JSON</a></p>
{{/FILES}}
</details>
{{/FOLDED}}
{{#ALONE}}
<p class="foot"><a href="{{CSV}}">CSV</a> <a href="{{JSON}}">JSON</a></p>
{{/ALONE}}
