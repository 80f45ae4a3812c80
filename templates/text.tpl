{{%AUTOESCAPE context="HTML"}}
{{#PARAGRAPH}}
<p class="text">{{TEXT}}</p>
{{/PARAGRAPH}}
