{{%AUTOESCAPE context="HTML"}}
<div class="scroll" tabindex="0" role="group" aria-label="{{TITLE}}">
<table>
<thead><tr>{{#COLUMN}}<th scope="col"{{#NUMBER}} class="n"{{/NUMBER}}>{{NAME}}</th>{{/COLUMN}}</tr></thead>
<tbody>
{{#ROW}}
<tr>{{#CELL}}{{#HEAD}}<th scope="row"{{#WORDY}} class="w"{{/WORDY}}>{{TEXT}}</th>{{/HEAD}}{{#PLAIN}}<td{{#WORDY}} class="w"{{/WORDY}}>{{TEXT}}</td>{{/PLAIN}}{{#NUMBER}}<td class="n">{{TEXT}}</td>{{/NUMBER}}{{#STRONG}}<td class="strong">{{TEXT}}</td>{{/STRONG}}{{#HOT}}<td class="hot{{#HOT_NUMBER}} n{{/HOT_NUMBER}}"><span class="mark">▲</span> {{TEXT}}</td>{{/HOT}}{{/CELL}}</tr>
{{/ROW}}
</tbody>
</table>
</div>
{{#FOOT}}<p class="foot">{{TEXT}}</p>{{/FOOT}}
